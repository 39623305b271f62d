using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Volumes as directories of one file system.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/                     0701: names in it can be reached, not listed
///   &lt;name&gt;/_data              the content; owner and mode are whatever its users make of them
///   &lt;name&gt;/_filling[.whole]   a copy of an image's files that is being made, or moved into the content
///   .removing.&lt;hash&gt;/         a removal in progress: no volume can have such a name; a hash, for with a prefix a name may be too long
/// </code>
/// A directory is always there, so mounting means looking whether it still is.
/// </remarks>
/// <param name="root">Absolute path, such as <c>/var/lib/strake/volumes</c>; made if missing.</param>
public sealed class LocalDriver(string root) : IVolumeDriver
{
    const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
    const UnixFileMode Readable = Passable | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead;
    const string Content = "_data";
    const string Staging = "_filling";
    const string RemovingPrefix = ".removing.";

    /// <inheritdoc/>
    public string Name => "local";

    /// <inheritdoc/>
    public string Scope => "local";

    /// <inheritdoc/>
    public void Validate(IReadOnlyDictionary<string, string> options)
    {
        foreach (string option in options.Keys)
        {
            throw option is "type" or "o" or "device" or "size"
                ? StrakeException.NotSupported($"volume option \"{option}\" of the driver local is not supported yet")
                : StrakeException.Invalid($"invalid option: \"{option}\"");
        }
    }

    /// <inheritdoc/>
    public string PathOf(VolumeName name) => Path.Combine(root, name.ToString(), Content);

    /// <inheritdoc/>
    public string StagingOf(VolumeName name) => Path.Combine(root, name.ToString(), Staging);

    /// <inheritdoc/>
    public Task CreateAsync(VolumeName name, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using SafeFileHandle home = OpenRoot();
            MakeDirectory(home, name.ToString(), Passable);
            using SafeFileHandle own = Syscall.OpenAt(home, name.ToString(), OpenFlags.Directory | OpenFlags.NoFollow);
            MakeDirectory(own, Content, Readable);
            Syscall.FSync(own);
            Syscall.FSync(home);
            return Task.CompletedTask;
        }
        catch (LinuxException full) when (full.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw StrakeException.Exhausted($"create {name}: {full.Message}; free space or inodes below {root}", full);
        }
    }

    /// <inheritdoc/>
    public Task<string> MountAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        return Directory.Exists(path)
            ? Task.FromResult(path)
            : throw StrakeException.DataLoss($"mount volume {name}: its directory {path} is gone; restore it, or remove the volume with docker volume rm -f {name}");
    }

    /// <inheritdoc/>
    public Task UnmountAsync(VolumeName name, string holder, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string directory = Path.Combine(root, name.ToString());
        if (MountTable.Below(directory) is [.., var mount])
            throw StrakeException.InUse($"remove {name}: {mount.MountPoint} is mounted below its content; unmount it first");

        using SafeFileHandle home = OpenRoot();
        string removing = RemovingPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(name.ToString())));
        TreeRemoval.Remove(Path.Combine(root, removing), CancellationToken.None);
        if (Directory.Exists(directory))
        {
            // Under the new name nobody finds half a volume, whatever happens from here on.
            Syscall.RenameAt(home, name.ToString(), home, removing);
            FaultPoint.Reach("volume.remove.renamed");
            TreeRemoval.Remove(Path.Combine(root, removing), CancellationToken.None);
        }

        // The caller's record goes next, and may be on another file system: it must not be gone before the volume is.
        Syscall.FSync(home);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<long> MeasureAsync(VolumeName name, CancellationToken cancellationToken) =>
        Task.Run(() => TreeUsage.Measure(PathOf(name), cancellationToken).ContentBytes, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => Directory.Exists(root)
        ? [.. from directory in Directory.EnumerateDirectories(root)
              let name = Path.GetFileName(directory)
              where VolumeName.TryParse(name, out _)
              select name]
        : [];

    SafeFileHandle OpenRoot()
    {
        Directory.CreateDirectory(root, Passable);
        return Syscall.Open(root, OpenFlags.Directory);
    }

    // The process's umask takes bits from a mode that is asked for; a volume's users are to have it as it is.
    static void MakeDirectory(SafeFileHandle parent, string name, UnixFileMode mode)
    {
        if (Syscall.TryMkdirAt(parent, PathBytes.Encode(name), mode))
            Syscall.ChmodAt(parent, name, mode);
    }
}
