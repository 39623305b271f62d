using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Removes a directory tree by opened directories. It never follows a link (a link is removed itself), never crosses a mount, and may be repeated:
/// what is missing is done. Neither the depth of the tree nor the length of its paths has a bound, and few descriptors are open at a time.
/// </summary>
/// <remarks>
/// Where something is mounted within, nothing is removed at all: one that comes meanwhile stops the removal when it is met. (Clean-up that went
/// through live mounts deleted users' data: kubernetes #60987, CVE-2017-1002102.)
/// </remarks>
public sealed class TreeRemoval
{
    // Names that others make meanwhile are removed in a further round; without end it would be a race against them.
    const int MostRounds = 16;

    readonly DirectoryChain chain;
    readonly Stack<Level> levels = new();
    readonly CancellationToken cancellationToken;

    TreeRemoval(SafeFileHandle parent, CancellationToken cancellationToken)
    {
        chain = new(parent);
        this.cancellationToken = cancellationToken;
    }

    /// <summary>Removes what is at a path: a tree, a file, or a link. Links above it are followed.</summary>
    /// <param name="path">The path; not <c>/</c>.</param>
    /// <param name="cancellationToken">Stops between two names; what is removed by then stays so.</param>
    /// <exception cref="LinuxException">Something cannot be removed; EBUSY where something is mounted in the tree, EXDEV where it was mounted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Remove(string path, CancellationToken cancellationToken = default)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = Path.GetFileName(full);
        using var parent = Syscall.TryOpen(Path.GetDirectoryName(full) ?? "/", OpenFlags.Path | OpenFlags.Directory);
        if (parent is not null)
            Remove(parent, PathBytes.Encode(name), cancellationToken);
    }

    /// <summary>Removes what has a name in a directory: a tree, a file, or a link.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name with its NUL, without a slash.</param>
    /// <param name="cancellationToken">Stops between two names; what is removed by then stays so.</param>
    /// <exception cref="LinuxException">Something cannot be removed; EBUSY where something is mounted in the tree, EXDEV where it was mounted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Remove(SafeFileHandle parent, ReadOnlySpan<byte> name, CancellationToken cancellationToken = default)
    {
        RequireName(name);
        if (TryUnlink(parent, name))
            return;

        RefuseMounts(parent, name);
        new TreeRemoval(parent, cancellationToken).RemoveTree(name.ToArray());
    }

    void RemoveTree(byte[] name)
    {
        using (chain)
        {
            levels.Push(new([name]));
            while (levels.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (levels.Peek().Directories.TryPop(out var next))
                    Descend(next);
                else
                    Ascend();
            }
        }
    }

    void Descend(byte[] name)
    {
        if (chain.TryPush(name))
            levels.Push(new(Sweep()));
        else if (!TryUnlink(chain.Current, name))
            throw new LinuxException(Errno.ESTALE, "unlinkat", Syscall.PathOf(chain.Current, name), "it is a directory and none by turns");
    }

    void Ascend()
    {
        levels.Pop();
        if (levels.Count == 0)
            return;

        var name = chain.CurrentName.ToArray();
        chain.Pop();
        var errno = Syscall.UnlinkAtRaw(chain.Current, name, AtFlags.RemoveDirectory);
        if (errno is Errno.None or Errno.ENOENT)
            return;

        // ENOTEMPTY: something came after the sweep. ENOTDIR: something else has the name by now. Both are for Descend again.
        if (errno is not (Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR) || ++levels.Peek().Rounds > MostRounds)
            throw new LinuxException(errno, "unlinkat", Syscall.PathOf(chain.Current, name));

        levels.Peek().Directories.Push(name);
    }

    // Removes all in the current directory but directories, and returns those.
    Stack<byte[]> Sweep()
    {
        var directories = new Stack<byte[]>();
        using var reader = new DirectoryReader(chain.Current);
        while (reader.Read())
        {
            if (reader.Kind == FileKind.Directory || !TryUnlink(chain.Current, reader.NameWithNul))
                directories.Push(reader.NameWithNul.ToArray());
        }

        return directories;
    }

    // False for a directory. What is missing is removed.
    static bool TryUnlink(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        var errno = Syscall.UnlinkAtRaw(directory, name, AtFlags.None);
        return errno switch
        {
            Errno.None or Errno.ENOENT => true,
            Errno.EISDIR => false,
            // POSIX has EPERM for a directory, which some file systems say; so it may be one.
            Errno.EPERM when IsDirectory(directory, name) => false,
            _ => throw new LinuxException(errno, "unlinkat", Syscall.PathOf(directory, name)),
        };
    }

    static bool IsDirectory(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        Syscall.TryStatAt(directory, name, out var stat, fields: StatFields.Kind) && stat.Kind == FileKind.Directory;

    static void RefuseMounts(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        var mounts = MountTable.Below(Syscall.PathOf(parent, name));
        if (mounts.Count > 0)
            throw new LinuxException(Errno.EBUSY, "remove", mounts[0].MountPoint, $"{mounts[0].Type} is mounted there");
    }

    static void RequireName(ReadOnlySpan<byte> name)
    {
        PathBytes.Require(name);
        if (name[..^1] is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || name.Contains((byte)'/'))
            throw new ArgumentException($"\"{PathBytes.Decode(name)}\" is not a name in a directory.", nameof(name));
    }

    sealed class Level(Stack<byte[]> directories)
    {
        public Level(byte[][] directories)
            : this(new Stack<byte[]>(directories))
        {
        }

        public Stack<byte[]> Directories { get; } = directories;

        public int Rounds { get; set; }
    }
}
