using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// The way down a tree, as opened directories: the last few are open, those above are opened again by <c>..</c> when the way leads back, and must be
/// the ones that were left. So a tree may be deeper than a process may have descriptors or a path may have bytes, and a directory that is moved
/// meanwhile cannot lead elsewhere.
/// </summary>
sealed class DirectoryChain : IDisposable
{
    const int KeptOpen = 32;
    const OpenFlags Flags = OpenFlags.Directory | OpenFlags.NoFollow;
    const ResolveFlags Resolve = ResolveFlags.NoXdev | ResolveFlags.NoSymlinks;

    readonly List<Link> links = [];

    // The top stays the caller's, and is open all the time.
    public DirectoryChain(SafeFileHandle top) => links.Add(new([]) { Handle = top });

    public SafeFileHandle Current => links[^1].Handle!;

    public ReadOnlySpan<byte> CurrentName => links[^1].Name;

    public int Depth => links.Count - 1;

    // Goes down into a name; false where it is none, or no directory. EXDEV where something is mounted on it.
    public bool TryPush(byte[] name)
    {
        var directory = TryOpen(name);
        if (directory is null)
            return false;

        links.Add(new(name) { Handle = directory });
        Spare(links.Count - 1 - KeptOpen);
        return true;
    }

    public void Pop()
    {
        var left = links[^1];
        links.RemoveAt(links.Count - 1);
        try
        {
            links[^1].Handle ??= Reopen(left.Handle!, links[^1]);
        }
        finally
        {
            left.Handle!.Dispose();
        }
    }

    // The names from below the top to the current directory, each followed by a slash, and a last one with its NUL.
    public byte[] PathTo(ReadOnlySpan<byte> nameWithNul)
    {
        var path = new List<byte>();
        foreach (var link in links.Skip(1))
        {
            path.AddRange(link.Name.AsSpan()[..^1]);
            path.Add((byte)'/');
        }

        path.AddRange(nameWithNul);
        return [.. path];
    }

    public void Dispose()
    {
        foreach (var link in links.Skip(1))
            link.Handle?.Dispose();

        links.RemoveRange(1, links.Count - 1);
    }

    SafeFileHandle? TryOpen(byte[] name)
    {
        try
        {
            return Syscall.TryOpenAt2(Current, name, Flags, Resolve);
        }
        catch (LinuxException e) when (e.Errno == Errno.ELOOP)
        {
            // A symbolic link: no directory.
            return null;
        }
    }

    void Spare(int index)
    {
        if (index < 1 || links[index].Handle is not { } handle)
            return;

        links[index].Identity = Syscall.Stat(handle, StatFields.Inode);
        links[index].Handle = null;
        handle.Dispose();
    }

    static SafeFileHandle Reopen(SafeFileHandle child, Link expected)
    {
        var parent = Syscall.OpenAt2(child, "..\0"u8, Flags, Resolve);
        if (Syscall.Stat(parent, StatFields.Inode).IsSameFile(expected.Identity))
            return parent;

        using (parent)
            throw new LinuxException(Errno.ESTALE, "openat2 ..", Syscall.PathOf(child), "the directory was moved meanwhile");
    }

    sealed class Link(byte[] name)
    {
        public byte[] Name { get; } = name;

        public SafeFileHandle? Handle { get; set; }

        public FileStat Identity { get; set; }
    }
}
