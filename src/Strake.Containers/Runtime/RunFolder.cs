namespace Strake.Containers.Runtime;

/// <summary>Where the parts of running containers lie under the engine's exec root.</summary>
/// <remarks>
/// <code>
/// &lt;exec root&gt;/
///   containers/&lt;id&gt;/    the bundle, and conmon's working directory; gone when the container does not run
///     config.json          the runtime's spec
///     rootfs/              the root file system, mounted in the namespace of conmon and the runtime only
///     attach               conmon's socket: output as packets of one byte for the stream and the data, input as bare data
///     ctl, winsz           conmon's fifos: terminal size
///     pid                  the process's number, written by the runtime
///     oom                  there when the kernel killed it for want of memory
///     exec/&lt;exec id&gt;/    the same for an exec: attach, ctl, pid, process.json
///   exits/&lt;id&gt;           the exit code, as decimal text; conmon renames it into place
///   runtime/&lt;id&gt;/        the runtime's own state
/// </code>
/// </remarks>
/// <param name="execRoot">The exec root.</param>
sealed class RunFolder(string execRoot)
{
    /// <summary>Bundles.</summary>
    public string Containers { get; } = $"{execRoot}/containers";

    /// <summary>Exit codes.</summary>
    public string Exits { get; } = $"{execRoot}/exits";

    /// <summary>The runtime's state.</summary>
    public string RuntimeRoot { get; } = $"{execRoot}/runtime";

    /// <summary>A container's bundle.</summary>
    public string Bundle(string id) => $"{Containers}/{id}";

    /// <summary>Where its root file system is mounted.</summary>
    public string RootFs(string id) => $"{Containers}/{id}/rootfs";

    /// <summary>The socket of its streams.</summary>
    public string AttachSocket(string id) => $"{Containers}/{id}/attach";

    /// <summary>Its exit code.</summary>
    public string Exit(string id) => $"{Exits}/{id}";

    /// <summary>An exec's folder.</summary>
    public string Exec(string id, string execId) => $"{Containers}/{id}/exec/{execId}";

    /// <summary>The runtime's state of a container.</summary>
    public string RuntimeState(string id) => $"{RuntimeRoot}/{id}";

    /// <summary>Makes the folders, for root only.</summary>
    public void Make()
    {
        foreach (string folder in (string[])[execRoot, Containers, Exits, RuntimeRoot])
            Directory.CreateDirectory(folder, Strake.Linux.Permissions.Octal0700);
    }
}
