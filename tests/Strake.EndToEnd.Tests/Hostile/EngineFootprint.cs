using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>What an engine keeps: its images, and the directories below its data root. Equal before and after what must leave nothing.</summary>
/// <param name="Images">Ids and tags.</param>
/// <param name="Directories">Those of layers, blobs and downloads; empty where the engine is not Strake.</param>
public sealed record EngineFootprint(string Images, string Directories)
{
    /// <summary>Looks at an engine.</summary>
    public static async Task<EngineFootprint> OfAsync(Engine engine)
    {
        var images = await engine.Docker.RunAsync("images", "-a", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}");
        return new EngineFootprint(string.Join('\n', images.Lines.Order(StringComparer.Ordinal)), Engine.IsStrake ? string.Join('\n', Entries(engine.DataRoot)) : "");
    }

    // Records live in a database whose files grow and shrink; all else is named by what it is.
    static IEnumerable<string> Entries(string dataRoot) =>
        from folder in (string[])["overlay2", "vfs", "btrfs", "image", "containers", "volumes", "tmp"]
        let path = Path.Combine(dataRoot, folder)
        where Directory.Exists(path)
        from entry in Directory.EnumerateFileSystemEntries(path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = folder == "image" ? 4 : 0 })
        where folder != "image" || File.Exists(entry)
        orderby entry
        select Path.GetRelativePath(dataRoot, entry);
}
