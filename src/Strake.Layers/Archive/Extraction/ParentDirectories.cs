using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// Opens the directories that entries go into, and keeps the last few open. This is where an archive is kept inside its root: every path is
/// resolved by openat2 beneath the root without following a link. Where a directory of the path is a link, it is resolved once more as a
/// process would whose root this is (RESOLVE_IN_ROOT): Docker and containerd extract through links too, and inside the root that is harmless.
/// </summary>
sealed class ParentDirectories : IDisposable
{
    const int Capacity = 128;
    const OpenFlags Flags = OpenFlags.ReadOnly | OpenFlags.Directory;
    const UnixFileMode ImpliedMode = Permissions.Octal0755;

    readonly ParentDirectory _root;
    readonly IMissingDirectories _missing;
    readonly Dictionary<byte[], ParentDirectory> _open = new(Capacity, ByteStrings.Comparer);
    readonly Dictionary<byte[], ParentDirectory>.AlternateLookup<ReadOnlySpan<byte>> _byPath;
    readonly List<ParentDirectory> _forgotten = [];
    long _clock;

    /// <summary>Opens directories below a root.</summary>
    /// <param name="root">The root; stays the caller's.</param>
    /// <param name="missing">What to do about directories that are not there.</param>
    public ParentDirectories(SafeFileHandle root, IMissingDirectories missing)
    {
        _root = new ParentDirectory(root, []);
        _missing = missing;
        _byPath = _open.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Opens a directory, after making it and those above it where they are missing.</summary>
    /// <param name="path">A clean path; empty for the root.</param>
    /// <exception cref="StrakeException">Invalid: something else is there and may not be replaced, or a link leads nowhere.</exception>
    public ParentDirectory Open(ReadOnlySpan<byte> path) => Find(path) ?? Make(EntryPath.Of(path), mayReplace: true)!;

    /// <summary>As <see cref="Open"/>, but null where something else is in a directory's place, a whiteout too: that hides all that lies there below.</summary>
    /// <param name="path">A clean path; empty for the root.</param>
    public ParentDirectory? OpenUnlessHidden(ReadOnlySpan<byte> path) => Find(path) ?? Make(EntryPath.Of(path), mayReplace: false);

    /// <summary>Opens a directory; null where there is none.</summary>
    /// <param name="path">A clean path; empty for the root.</param>
    public ParentDirectory? Find(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return _root;
        if (!_byPath.TryGetValue(path, out var known))
        {
            known = TryOpen(EntryPath.Of(path));
            if (known is null) return null;
            Keep(path.ToArray(), known);
        }
        known.LastUse = ++_clock;
        return known;
    }

    /// <summary>Takes over a directory that was just made and is likely to be the next parent.</summary>
    public void Adopt(EntryPath path, SafeFileHandle directory)
    {
        if (_byPath.Remove(path.Bytes, out _, out var stale)) _forgotten.Add(stale);
        Keep(path.Bytes.ToArray(), new ParentDirectory(directory, path.Bytes.ToArray()) { LastUse = ++_clock });
    }

    /// <summary>
    /// Forgets all that is open: a directory was removed, and what has its path from now on is another. The entry in whose course that
    /// happens goes on with what it has.
    /// </summary>
    public void Forget()
    {
        _forgotten.AddRange(_open.Values);
        _open.Clear();
    }

    /// <summary>Closes what was forgotten; between two entries.</summary>
    public void Sweep()
    {
        foreach (var directory in _forgotten) directory.Handle.Dispose();
        _forgotten.Clear();
    }

    public void Dispose()
    {
        Forget();
        Sweep();
    }

    ParentDirectory? TryOpen(EntryPath path)
    {
        try
        {
            var handle = Syscall.TryOpenAt2(_root.Handle, path.Terminated, Flags, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
            return handle is null ? null : new ParentDirectory(handle, path.Bytes.ToArray());
        }
        catch (LinuxException link) when (link.Errno == Errno.ELOOP)
        {
            var handle = Syscall.TryOpenAt2(_root.Handle, path.Terminated, Flags, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
            return handle is null ? null : new ParentDirectory(handle, OwnPath(handle));
        }
    }

    // Where a directory that links led to lies below the root, as the kernel knows it.
    byte[] OwnPath(SafeFileHandle directory)
    {
        var (root, path) = (KernelPath(_root.Handle), KernelPath(directory));
        return path.Length > root.Length && path.AsSpan().StartsWith(root) ? path[(root.Length + 1)..] : [];
    }

    static byte[] KernelPath(SafeFileHandle directory) =>
        Syscall.ReadLinkAt(Syscall.WorkingDirectory, PathBytes.Encode($"/proc/self/fd/{directory.DangerousGetHandle()}"));

    ParentDirectory? Make(EntryPath archived, bool mayReplace)
    {
        var parent = mayReplace ? Open(archived.Parent) : OpenUnlessHidden(archived.Parent);
        if (parent is null) return null;
        var path = parent.Of(archived);
        var hidesLower = false;
        if (!Syscall.TryMkdirAt(parent.Handle, path.NameTerminated, ImpliedMode))
        {
            if (!mayReplace) return null;
            // A link whose target is missing stays: what it says about the tree is not ours to change.
            hidesLower = _missing.ClearForDirectory(parent, path);
            Syscall.MkdirAt(parent.Handle, path.NameTerminated, ImpliedMode);
        }
        var made = new ParentDirectory(Syscall.OpenAt(parent.Handle, path.NameTerminated, Flags | OpenFlags.NoFollow), path.Bytes.ToArray()) { LastUse = ++_clock };
        Keep(archived.Bytes.ToArray(), made);
        _missing.MadeImplied(path, made, hidesLower);
        return made;
    }

    void Keep(byte[] path, ParentDirectory directory)
    {
        if (_open.Count == Capacity) Evict();
        _open[path] = directory;
    }

    void Evict()
    {
        byte[]? oldest = null;
        foreach (var (path, directory) in _open)
        {
            if (oldest is null || directory.LastUse < _open[oldest].LastUse) oldest = path;
        }
        if (oldest is not null && _open.Remove(oldest, out var evicted)) _forgotten.Add(evicted);
    }
}
