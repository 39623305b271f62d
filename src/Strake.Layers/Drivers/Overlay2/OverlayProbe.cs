using System.Text;
using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Tries overlayfs where layers are to lie: mounts one, removes a file and replaces a directory through it, and looks whether both are
/// recorded as we read them later. Nothing is left, also of a try that a crash cut short.
/// </summary>
static class OverlayProbe
{
    /// <summary>Tries it once.</summary>
    /// <param name="home">The driver's directory.</param>
    /// <param name="program">The program that mounts; null: the kernel does.</param>
    /// <exception cref="StrakeException">Unavailable: it does not work here; says what and the way out.</exception>
    public static void Run(string home, string? program = null)
    {
        var folder = Path.Combine(home, "probe");
        try
        {
            Clear(folder);
            try
            {
                Try(folder, program);
            }
            finally
            {
                Clear(folder);
            }
        }
        catch (LinuxException e)
        {
            throw Unusable(home, e.Message, e);
        }
    }

    /// <summary>
    /// Whether the kernel takes an overlay's layers one by one (<c>lowerdir+</c> of fsconfig(2), since Linux 6.8), and so as many as it stacks;
    /// else all of them must fit into the page that mount(2) takes.
    /// </summary>
    public static bool TakesLayersOneByOne()
    {
        try
        {
            using var context = new FsContext("overlay");
            context.Set("lowerdir+", "/");
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    static void Clear(string folder)
    {
        using var mount = DetachedMount.Take(Path.Combine(folder, "merged"));
        TreeRemoval.Remove(folder);
    }

    static void Try(string folder, string? program)
    {
        using var root = MakeTree(folder);
        RequireKinds(folder);
        var mount = program is null
            ? new Mount("overlay", "overlay", $"{folder}/merged", Data: new OverlayOptions([$"{folder}/lower"], $"{folder}/upper", $"{folder}/work", OverlaySwitches.Read()).ToString())
            : FuseOverlay.Mount(program, folder, new(["lower"], "upper", "work", ""), "probe", $"{folder}/merged", MountFlags.None);
        using (mount.Attach())
        {
            Syscall.UnlinkAt(root, "merged/file");
            Syscall.UnlinkAt(root, "merged/directory", AtFlags.RemoveDirectory);
            Syscall.MkdirAt(root, "merged/directory", Permissions.Octal0755);
        }

        RequireWhiteouts(folder, root);
    }

    static SafeFileHandle MakeTree(string folder)
    {
        Syscall.MkdirAt(Syscall.WorkingDirectory, folder, Permissions.Octal0700);
        var root = Syscall.Open(folder, OpenFlags.Directory);
        foreach (var name in (ReadOnlySpan<string>)["lower", "upper", "work", "merged", "lower/directory"])
            Syscall.MkdirAt(root, name, Permissions.Octal0755);
        Syscall.MknodAt(root, "lower/file", FileKind.Regular, Permissions.Octal0644);
        return root;
    }

    // overlayfs merges directories by the kinds in their listings (d_type); xfs made with ftype=0 gives none.
    static void RequireKinds(string folder)
    {
        using var lower = Syscall.Open($"{folder}/lower", OpenFlags.Directory);
        using var reader = new DirectoryReader(lower);
        while (reader.Read())
        {
            if (reader.Kind == FileKind.Unknown) throw Unusable(folder, "its directory listings do not tell the kinds of files (d_type)", null);
        }
    }

    static void RequireWhiteouts(string folder, SafeFileHandle root)
    {
        var file = Syscall.StatAt(root, "upper/file", AtFlags.SymlinkNoFollow);
        if (file.Kind != FileKind.CharacterDevice || file.DeviceItself != default)
            throw Unusable(folder, "a removed file is not recorded as a character device 0/0", null);

        var opaque = Syscall.TryGetXattrAt(root, "upper/directory\0"u8, OverlayXattrs.Opaque);
        if (opaque is null || !opaque.AsSpan().SequenceEqual("y"u8))
            throw Unusable(folder, $"a replaced directory is not marked with {Encoding.ASCII.GetString(OverlayXattrs.Opaque[..^1])}=y", null);
    }

    static StrakeException Unusable(string path, string why, LinuxException? inner) => StrakeException.Unavailable(
        $"overlay2: cannot work in {path}, which is on {FileSystem.TypeOf(path)}: {why}; put the data root on ext4, xfs or btrfs, or choose the storage driver vfs", inner);
}
