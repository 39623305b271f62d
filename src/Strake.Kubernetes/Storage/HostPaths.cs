using Microsoft.Win32.SafeHandles;
using Strake.Kubernetes.Records;
using Strake.Linux;

namespace Strake.Kubernetes.Storage;

/// <summary>Directories of the host that volumes are: emptied and deleted without following a link within them, and never through a mount.</summary>
static class HostPaths
{
    const string Disposable = "/tmp/";

    /// <summary>Deletes what is at a path, where Kubernetes does: below <c>/tmp/</c> only.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="StrakeException">Invalid: it is elsewhere. InUse: something is mounted in it. Internal: it could not be deleted.</exception>
    public static void Delete(string path)
    {
        string full = Path.GetFullPath(path);
        if (!full.StartsWith(Disposable, StringComparison.Ordinal) || full.Length == Disposable.Length)
            throw StrakeException.Invalid($"host_path deleter only supports /tmp/.+ but received provided {path}");
        InWords($"delete {path}", () =>
        {
            // Who can write to /tmp can put a link where a directory was: no step of the way is followed.
            using RootedDirectory disposable = RootedDirectory.Open(Disposable, PathRule.Strict);
            string below = full[Disposable.Length..];
            if (!disposable.TryStat(below, out _)) return;
            using SafeFileHandle parent = disposable.OpenParent(below, out byte[] name);
            TreeRemoval.Remove(parent, name);
        });
    }

    /// <summary>Empties a directory; what it is called, whose it is and its mode stay.</summary>
    /// <param name="path">The directory, as the volume's maker wrote it: links on the way to it are his.</param>
    /// <exception cref="StrakeException">Invalid: it is <c>/</c>. NotFound: it is no directory. InUse: something is mounted in it. Internal: it could not be emptied.</exception>
    public static void Scrub(string path)
    {
        if (Path.GetFullPath(path) is "/") throw StrakeException.Invalid("the host's root is not emptied");
        InWords($"recycle {path}", () =>
        {
            using SafeFileHandle directory = Syscall.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory)
                ?? throw StrakeException.NotFound($"recycle {path}: it is not there");
            List<byte[]> names = [];
            using (var reader = new DirectoryReader(directory))
                while (reader.Read()) names.Add(reader.NameWithNul.ToArray());
            foreach (byte[] name in names) TreeRemoval.Remove(directory, name);
        });
    }

    /// <summary>Sees to it that what a volume's type asks for is at its path.</summary>
    /// <param name="source">The hostPath.</param>
    /// <exception cref="StrakeException">Invalid: something else is there, or nothing; in Kubernetes' words.</exception>
    public static void Require(VolumeSource source) =>
        InWords($"hostPath {source.Handle}", () => Pods.Volumes.HostPaths.Check(source.Handle, source.PathType));

    static void InWords(string operation, Action work)
    {
        try
        {
            work();
        }
        catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.EXDEV)
        {
            throw StrakeException.InUse($"{operation}: {e.Message}", e);
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw StrakeException.Internal($"{operation}: {e.Message}", e);
        }
    }
}
