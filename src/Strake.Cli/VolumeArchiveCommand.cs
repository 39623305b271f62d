using Strake.Daemon.StrakeApi;
using Strake.Images;
using Strake.State;

namespace Strake.Cli;

/// <summary>The commands that take volumes out of the daemon and bring them in.</summary>
/// <param name="client">The daemon.</param>
/// <param name="output">Receives results.</param>
sealed class VolumeArchiveCommand(DaemonClient client, TextWriter output)
{
    const string ArtifactType = "application/vnd.strake.volume.v1";

    /// <summary><c>export</c>: to a file, or where there is none to standard output.</summary>
    public async Task<int> ExportAsync(VolumeReference reference, string? since, string? file)
    {
        await using Stream target = file is null ? Console.OpenStandardOutput() : new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        try
        {
            await client.ReceiveAsync(ExportPath(reference, since), target);
        }
        catch when (file is not null)
        {
            File.Delete(file);
            throw;
        }

        return 0;
    }

    /// <summary><c>export --oci</c>: as an artifact of one layer; of changes, of the layers of the export before and one more.</summary>
    public async Task<int> ExportLayoutAsync(VolumeReference reference, string? since, LayoutReference target)
    {
        string tag = target.Tag ?? LayoutReference.CheckTag(reference.Snapshot ?? "latest");
        var layout = ArtifactLayout.OpenOrMake(target.Folder);
        IReadOnlyList<Descriptor> before = since is null ? [] : layout.Find(since).Layers;
        Descriptor layer = await layout.AddLayerAsync(blob => client.ReceiveAsync(ExportPath(reference, since), blob));
        layout.Add(tag, ArtifactType, [.. before, layer]);
        await output.WriteLineAsync($"{target.Folder}:{tag}");
        return 0;
    }

    /// <summary><c>import</c>: from a file, or <c>-</c> for standard input.</summary>
    public async Task<int> ImportAsync(string name, string file, VolumeReference? onto, IEnumerable<string> options)
    {
        await using Stream source = file is "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        string begin = onto is null ? "" : $"&onto={Uri.EscapeDataString(onto.Volume)}{onto.Query('&')}";
        await client.SendAsync(HttpMethod.Post, ImportPath(name, options) + begin, source);
        await output.WriteLineAsync(name);
        return 0;
    }

    /// <summary><c>import --oci</c>.</summary>
    public async Task<int> ImportLayoutAsync(string name, LayoutReference source, IEnumerable<string> options)
    {
        ArtifactLayout layout = ArtifactLayout.Open(source.Folder);
        IReadOnlyList<Descriptor> layers = (source.Tag is null ? layout.Newest() : layout.Find(source.Tag)).Layers;
        string parts = string.Concat(layers.Select(static layer => $"&part={Uri.EscapeDataString(new ImportPart(layer.Digest, layer.SizeBytes).ToString())}"));
        await using var body = new FileSequence([.. layers.Select(layer => layout.BlobPath(layer.Digest))]);
        await client.SendAsync(HttpMethod.Post, ImportPath(name, options) + parts, body);
        await output.WriteLineAsync(name);
        return 0;
    }

    static string ExportPath(VolumeReference reference, string? since)
    {
        string query = reference.Query('?');
        string path = $"{VolumeCommand.PathOf(reference.Volume)}/export{query}";
        return since is null ? path : $"{path}{(query.Length > 0 ? '&' : '?')}since={Uri.EscapeDataString(since)}";
    }

    static string ImportPath(string name, IEnumerable<string> options) =>
        $"{VolumeCommand.PathOf(name)}/import?{string.Join('&', options.Select(static option => "opt=" + Uri.EscapeDataString(option)))}";
}
