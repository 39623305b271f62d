namespace Strake.Daemon.BuildKit.Solving;

/// <summary>What a named context can be.</summary>
enum NamedContextKind
{
    /// <summary>A directory of the client's.</summary>
    Local,

    /// <summary>An image.</summary>
    Image,

    /// <summary>What is fetched from the network: an archive, a git repository.</summary>
    Remote,
}
