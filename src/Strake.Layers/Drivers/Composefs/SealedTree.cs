using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Trees;
using Strake.Layers.Erofs;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// What becomes of a layer's directory when it is sealed: a tree for an image without contents, in which each regular file says where in the object
/// store its content lies, as overlayfs reads it (Documentation/filesystems/overlayfs.rst, "data-only lower layers").
/// </summary>
/// <remarks>
/// Overlayfs shows no whiteouts, and so neither what a layer removes. Where it removes something, there is a second tree to look at the layer by itself,
/// with removals as in layer tars.
/// </remarks>
sealed class SealedTree
{
    readonly Dictionary<(DeviceNumber, ulong), ErofsFile> linked = [];
    readonly Dictionary<byte[], EntryPath> contents = new(ByteStrings.Comparer);
    readonly List<(ErofsFile File, byte[] Hash)> references = [];
    readonly Queue<Pending> pending = new();
    readonly SafeFileHandle top;
    bool removesSomething;

    SealedTree(SafeFileHandle top)
    {
        this.top = top;
        var root = new Pending(EntryPath.Of(default), NewDirectory(Syscall.Stat(top)), NewDirectory(Syscall.Stat(top)));
        (Stacked, Apart) = (root.Stacked, root.Apart);
        AddXattrs(top, ".\0"u8, Stacked, Apart);
        pending.Enqueue(root);
    }

    static ReadOnlySpan<byte> Metacopy => "trusted.overlay.metacopy"u8;

    /// <summary>The tree for a stack, with removals in overlay's form.</summary>
    public ErofsFile Stacked { get; }

    /// <summary>The tree for the layer by itself, with removals as in layer tars; the same as <see cref="Stacked"/> where it removes nothing.</summary>
    public ErofsFile Apart { get; private set; }

    /// <summary>The contents: their hashes, and a path each of a file with it.</summary>
    public IReadOnlyDictionary<byte[], EntryPath> Contents => contents;

    /// <summary>Writes beside each reference what the kernel must find the content to be (overlayfs.rst, "fs-verity support").</summary>
    /// <param name="digestOf">The fs-verity digest of a content, by its hash.</param>
    public void Protect(Func<byte[], byte[]> digestOf)
    {
        foreach (var (file, hash) in references)
        {
            // struct ovl_metacopy: version, its own length, flags, algorithm (1: SHA-256), digest.
            var digest = digestOf(hash);
            file.Xattrs[file.Xattrs.FindIndex(static xattr => xattr.Name.AsSpan().SequenceEqual(Metacopy))] =
                ([.. Metacopy], [0, (byte)(4 + digest.Length), 0, 1, .. digest]);
        }
    }

    /// <summary>Looks at a layer's directory. Reads all contents.</summary>
    /// <param name="directory">In overlay's form; nobody changes it.</param>
    public static SealedTree Of(SafeFileHandle directory)
    {
        var tree = new SealedTree(directory);
        while (tree.pending.TryDequeue(out var next)) tree.Enter(next);
        if (!tree.removesSomething) tree.Apart = tree.Stacked;
        return tree;
    }

    void Enter(Pending parent)
    {
        using var directory = TreeDirectory.TryOpen(top, parent.Path.Bytes)
            ?? throw StrakeException.Conflict($"{parent.Path.Display} disappeared while its layer was sealed");
        if (Syscall.TryGetXattr(directory, OverlayXattrs.Opaque) is [(byte)'y']) HideAll(parent);
        foreach (var name in TreeDirectory.Names(directory)) Add(parent, directory, name);
    }

    void Add(Pending parent, SafeFileHandle directory, byte[] name)
    {
        var terminated = PathBytes.Terminate(name);
        var stat = Syscall.StatAt(directory, terminated);
        if (Whiteouts.IsWhiteout(stat))
        {
            Hide(parent, name);
        }
        else if (stat.Kind == FileKind.Directory)
        {
            var child = new Pending(EntryPath.Join(parent.Path.Bytes, name), NewDirectory(stat), NewDirectory(stat));
            AddXattrs(directory, terminated, child.Stacked, child.Apart);
            parent.Add(name, child.Stacked, child.Apart);
            pending.Enqueue(child);
        }
        else
        {
            var file = FileOf(parent, directory, terminated, stat);
            parent.Add(name, file, file);
        }
    }

    ErofsFile FileOf(Pending parent, SafeFileHandle directory, byte[] terminated, in FileStat stat)
    {
        if (stat.LinkCount > 1 && linked.TryGetValue((stat.Device, stat.Inode), out var known)) return known;
        var file = new ErofsFile
        {
            Kind = stat.Kind,
            Mode = stat.Mode,
            Uid = stat.Uid,
            Gid = stat.Gid,
            ModifyTime = stat.ModifyTime,
            SizeBytes = stat.Kind == FileKind.Regular ? stat.SizeBytes : 0,
            Device = stat.DeviceItself,
            LinkTarget = stat.Kind == FileKind.SymbolicLink ? Syscall.ReadLinkAt(directory, terminated) : [],
        };
        AddXattrs(directory, terminated, file);
        if (file.SizeBytes > 0) Refer(file, ObjectStore.HashOf(directory, terminated), EntryPath.Join(parent.Path.Bytes, terminated.AsSpan()[..^1]));
        if (stat.LinkCount > 1) linked.Add((stat.Device, stat.Inode), file);
        return file;
    }

    void Refer(ErofsFile file, byte[] hash, EntryPath path)
    {
        file.Xattrs.Add(([.. Metacopy], []));
        references.Add((file, hash));
        file.Xattrs.Add(([.. "trusted.overlay.redirect"u8], System.Text.Encoding.ASCII.GetBytes($"/{ObjectStore.NameOf(hash)}")));
        contents.TryAdd(hash, path);
    }

    void Hide(Pending parent, byte[] name)
    {
        removesSomething = true;
        parent.Stacked.Children.Add(name, new() { Kind = FileKind.CharacterDevice });
        parent.Apart.Children.Add([.. ".wh."u8, .. name], new() { Kind = FileKind.Regular });
    }

    void HideAll(Pending directory)
    {
        removesSomething = true;
        directory.Stacked.Xattrs.Add(([.. "trusted.overlay.opaque"u8], [.. "y"u8]));
        directory.Apart.Children.Add([.. ".wh..wh..opq"u8], new() { Kind = FileKind.Regular });
    }

    static ErofsFile NewDirectory(in FileStat stat) => new()
    {
        Kind = FileKind.Directory, Mode = stat.Mode, Uid = stat.Uid, Gid = stat.Gid, ModifyTime = stat.ModifyTime,
    };

    // All but the overlay's own, which are about where the file lay.
    static void AddXattrs(SafeFileHandle directory, ReadOnlySpan<byte> nameTerminated, params ReadOnlySpan<ErofsFile> files)
    {
        foreach (var xattr in Syscall.ListXattrAt(directory, nameTerminated))
        {
            if (OverlayXattrs.Include(xattr)) continue;
            if (Syscall.TryGetXattrAt(directory, nameTerminated, xattr) is not { } value) continue;
            foreach (var file in files) file.Xattrs.Add((xattr[..^1].ToArray(), value));
        }
    }

    /// <summary>A directory whose content has not been looked at, in both trees.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Pending(EntryPath Path, ErofsFile Stacked, ErofsFile Apart)
    {
        public void Add(byte[] name, ErofsFile stacked, ErofsFile apart)
        {
            Stacked.Children.Add(name, stacked);
            Apart.Children.Add(name, apart);
        }
    }
}
