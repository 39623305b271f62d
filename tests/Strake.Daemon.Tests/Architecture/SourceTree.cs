namespace Strake.Daemon.Tests.Architecture;

/// <summary>The folder that all sources are in.</summary>
static class SourceTree
{
    public static string Root { get; } = Find();

    static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Strake.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Strake.slnx is not above the tests");
    }
}
