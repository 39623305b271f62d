namespace Strake.Daemon.BuildKit.Solving;

/// <summary>What a build's result becomes.</summary>
enum SolveOutputKind
{
    /// <summary>An image in the engine's store.</summary>
    Image,

    /// <summary>A tar as <c>docker save</c> makes it, in a file of the client's.</summary>
    DockerArchive,

    /// <summary>A tar of an OCI layout, in a file of the client's.</summary>
    OciArchive,

    /// <summary>The files themselves, in a directory of the client's.</summary>
    Directory,

    /// <summary>The files themselves as a tar, in a file of the client's.</summary>
    Tar,
}
