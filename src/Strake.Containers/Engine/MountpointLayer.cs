using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>
/// A layer of empty files and directories to mount on, which lies below every container's image. An image that has a path
/// itself hides it; one that lacks it gets it, and neither the image nor the container's own layer shows that something was
/// added: <c>docker diff</c> and <c>commit</c> see the container's changes alone.
/// </summary>
/// <remarks>The paths are those of Docker's init layer (moby, daemon/initlayer). A driver that copies its parents ignores a parent that is not its own.</remarks>
sealed class MountpointLayer
{
    const string Owner = "engine/mountpoints";

    static readonly string[] Directories = ["dev", "dev/pts", "dev/shm", "etc", "proc", "sys"];
    static readonly string[] Files = [".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"];

    readonly LayerId id;

    MountpointLayer(LayerId id) => this.id = id;

    /// <summary>All paths of the layer, absolute.</summary>
    public static IReadOnlySet<string> Paths { get; } = new HashSet<string>([.. Directories.Concat(Files).Append("etc/mtab").Select(static path => "/" + path)]);

    /// <summary>Finds the layer, or makes it; what is missing in it is made again.</summary>
    public static async Task<MountpointLayer> EnsureAsync(LayerStore layers, CancellationToken cancellationToken)
    {
        WritableLayer layer = await layers.FindWritableAsync(Owner, cancellationToken)
            ?? await layers.CreateWritableAsync(parent: null, Owner, sizeLimitBytes: null, cancellationToken);
        Fill(layers.Driver.Content(layer.Id).Directory);
        return new MountpointLayer(layer.Id);
    }

    /// <summary>A container's layer with this one below its image.</summary>
    public WritableLayer Below(WritableLayer layer) => layer with { Parents = [.. layer.Parents, id] };

    /// <summary>Whether a writable layer is this one.</summary>
    public bool Is(WritableLayer layer) => layer.Id == id;

    static void Fill(string root)
    {
        foreach (string path in Directories)
            Directory.CreateDirectory($"{root}/{path}", Permissions.Octal0755);
        foreach (string path in Files.Where(path => !File.Exists($"{root}/{path}")))
        {
            using var file = Syscall.Open($"{root}/{path}", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow, Permissions.Octal0755);
            Syscall.Chmod(file, Permissions.Octal0755);
        }

        if (!Syscall.TryStatAt(Syscall.WorkingDirectory, $"{root}/etc/mtab", out _))
            Syscall.SymlinkAt("/proc/mounts", Syscall.WorkingDirectory, $"{root}/etc/mtab");
    }
}
