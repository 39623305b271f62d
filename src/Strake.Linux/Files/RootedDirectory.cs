using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// An opened directory that paths cannot leave: each is resolved by openat2 under a <see cref="PathRule"/>, in one step of the kernel's, so a
/// link that is swapped in meanwhile leads nowhere else. The base for all that handles content of others: layers, archives, container paths.
/// </summary>
/// <remarks>
/// Calls that take a name and not an open file (mkdir, unlink, link, …) act on a name in the parent that <see cref="OpenParent(ReadOnlySpan{byte}, out byte[])"/> gives; the name
/// has no slash, so nothing is resolved there.
/// </remarks>
public sealed class RootedDirectory : IDisposable
{
    readonly ResolveFlags resolve;

    /// <summary>Takes over an opened directory.</summary>
    /// <param name="directory">The directory, O_PATH or not; disposed with this.</param>
    /// <param name="rule">How paths are resolved.</param>
    public RootedDirectory(SafeFileHandle directory, PathRule rule)
    {
        Directory = directory;
        // Magic links, as in a /proc that the content brings along, lead out of any root.
        resolve = rule == PathRule.InRoot
            ? ResolveFlags.InRoot | ResolveFlags.NoMagicLinks
            : ResolveFlags.Beneath | ResolveFlags.NoSymlinks;
    }

    /// <summary>The directory itself; disposed with this.</summary>
    public SafeFileHandle Directory { get; }

    /// <summary>Opens a directory of ours by its path; links in the path are followed.</summary>
    /// <exception cref="LinuxException">It cannot be opened; ENOTDIR where it is none.</exception>
    public static RootedDirectory Open(string path, PathRule rule) =>
        new(Syscall.Open(path, OpenFlags.Path | OpenFlags.Directory), rule);

    /// <summary>Opens a file; the caller disposes the handle. Opening a fifo for reading waits unless <see cref="OpenFlags.NonBlocking"/> is given.</summary>
    /// <exception cref="LinuxException">It cannot be opened; EXDEV or ELOOP where the path breaks the rule.</exception>
    public SafeFileHandle OpenFile(ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        Syscall.OpenAt2(Directory, path, flags, resolve, mode);

    /// <inheritdoc cref="OpenFile(ReadOnlySpan{byte}, OpenFlags, UnixFileMode)"/>
    public SafeFileHandle OpenFile(string path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        OpenFile(PathBytes.Encode(path), flags, mode);

    /// <summary>Opens a file; null where there is none (ENOENT, ENOTDIR).</summary>
    /// <exception cref="LinuxException">It cannot be opened; EXDEV or ELOOP where the path breaks the rule.</exception>
    public SafeFileHandle? TryOpenFile(ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        Syscall.TryOpenAt2(Directory, path, flags, resolve, mode);

    /// <inheritdoc cref="TryOpenFile(ReadOnlySpan{byte}, OpenFlags, UnixFileMode)"/>
    public SafeFileHandle? TryOpenFile(string path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        TryOpenFile(PathBytes.Encode(path), flags, mode);

    /// <summary>Opens a directory for reading its names; the caller disposes the handle.</summary>
    /// <exception cref="LinuxException">It cannot be opened; EXDEV or ELOOP where the path breaks the rule.</exception>
    public SafeFileHandle OpenDirectory(ReadOnlySpan<byte> path) => OpenFile(path, OpenFlags.Directory);

    /// <inheritdoc cref="OpenDirectory(ReadOnlySpan{byte})"/>
    public SafeFileHandle OpenDirectory(string path) => OpenDirectory(PathBytes.Encode(path));

    /// <summary>Opens a directory for reading its names; null where there is none (ENOENT, ENOTDIR).</summary>
    /// <exception cref="LinuxException">It cannot be opened; EXDEV or ELOOP where the path breaks the rule.</exception>
    public SafeFileHandle? TryOpenDirectory(ReadOnlySpan<byte> path) => TryOpenFile(path, OpenFlags.Directory);

    /// <summary>
    /// Opens the directory that a path's last name is in, for the calls that act on names. The last name is not resolved: it may be a link or
    /// not exist.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="name">The last name, with its NUL.</param>
    /// <exception cref="ArgumentException">The path ends with no name that could be made or removed: the directory itself, <c>.</c>, <c>..</c>.</exception>
    /// <exception cref="LinuxException">The directory cannot be opened; EXDEV or ELOOP where the path breaks the rule.</exception>
    public SafeFileHandle OpenParent(ReadOnlySpan<byte> path, out byte[] name)
    {
        SplitLast(path, out var parent, out name);
        return OpenFile(parent, OpenFlags.Path | OpenFlags.Directory);
    }

    /// <inheritdoc cref="OpenParent(ReadOnlySpan{byte}, out byte[])"/>
    public SafeFileHandle OpenParent(string path, out byte[] name) => OpenParent(PathBytes.Encode(path), out name);

    /// <summary>Opens a directory, after making it and the directories above it where they are missing; the caller disposes the handle.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">The mode of those that are made; the umask takes bits off.</param>
    /// <exception cref="LinuxException">One cannot be made or opened; ENOTDIR where something else has the name, ENOENT for a link that leads nowhere.</exception>
    public SafeFileHandle CreateDirectories(ReadOnlySpan<byte> path, UnixFileMode mode)
    {
        if (TryOpenFile(path, OpenFlags.Directory) is { } there)
            return there;

        var parent = OpenDirectory(".");
        try
        {
            // Each step resolves all of the path so far: ".." and links mean the same as they would in the whole.
            for (var end = NextEnd(path, 0); ; end = NextEnd(path, end))
            {
                var prefix = PathBytes.Terminate(path[..end]);
                var next = TryOpenFile(prefix, OpenFlags.Directory) ?? Make(parent, prefix, mode);
                parent.Dispose();
                parent = next;
                if (end >= path.Length - 1)
                    return next;
            }
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="CreateDirectories(ReadOnlySpan{byte}, UnixFileMode)"/>
    public SafeFileHandle CreateDirectories(string path, UnixFileMode mode) => CreateDirectories(PathBytes.Encode(path), mode);

    /// <summary>What is known of a file; false where there is none (ENOENT, ENOTDIR).</summary>
    /// <param name="path">The path.</param>
    /// <param name="stat">What is known.</param>
    /// <param name="followLast">Whether a link at the end is followed; the rule <see cref="PathRule.Strict"/> follows none.</param>
    /// <exception cref="LinuxException">It cannot be looked at; EXDEV or ELOOP where the path breaks the rule.</exception>
    public bool TryStat(ReadOnlySpan<byte> path, out FileStat stat, bool followLast = false)
    {
        stat = default;
        using var file = TryOpenFile(path, OpenFlags.Path | (followLast ? OpenFlags.ReadOnly : OpenFlags.NoFollow));
        if (file is null)
            return false;

        stat = Syscall.Stat(file);
        return true;
    }

    /// <inheritdoc cref="TryStat(ReadOnlySpan{byte}, out FileStat, bool)"/>
    public bool TryStat(string path, out FileStat stat, bool followLast = false) => TryStat(PathBytes.Encode(path), out stat, followLast);

    /// <summary>Closes the directory.</summary>
    public void Dispose() => Directory.Dispose();

    SafeFileHandle Make(SafeFileHandle parent, ReadOnlySpan<byte> prefix, UnixFileMode mode)
    {
        SplitLast(prefix, out _, out var name);
        Syscall.TryMkdirAt(parent, name, mode);
        return OpenDirectory(prefix);
    }

    // The end of the component after an offset, slashes passed over: "usr/bin\0" gives 3, then 7.
    static int NextEnd(ReadOnlySpan<byte> path, int start)
    {
        while (path[start] == (byte)'/')
            start++;

        while (path[start] is not ((byte)'/' or 0))
            start++;

        return start;
    }

    static void SplitLast(ReadOnlySpan<byte> path, out byte[] parent, out byte[] name)
    {
        PathBytes.Require(path);
        var trimmed = path[..^1].TrimEnd((byte)'/');
        var slash = trimmed.LastIndexOf((byte)'/');
        var last = trimmed[(slash + 1)..];
        if (last is [] or [(byte)'.'] or [(byte)'.', (byte)'.'])
            throw new ArgumentException($"The path \"{PathBytes.Decode(path)}\" ends with no name.", nameof(path));

        name = PathBytes.Terminate(last);
        parent = slash switch
        {
            < 0 => [(byte)'.', 0],
            0 => [(byte)'/', 0],
            _ => PathBytes.Terminate(trimmed[..slash]),
        };
    }
}
