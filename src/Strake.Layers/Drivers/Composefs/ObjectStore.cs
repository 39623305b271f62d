using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Contents of files, each once, named by its SHA-256. A content belongs to the layers whose <see cref="ObjectIndex"/> names it; with the last
/// of them it goes.
/// </summary>
/// <remarks>
/// <code>
/// objects/&lt;first two digits&gt;/&lt;the other 62&gt;     a regular file; only its content matters
/// </code>
/// An index is on disk before the first of its contents gets its name, so that what a crash leaves is found through it.
/// </remarks>
/// <param name="directory">Where; absolute.</param>
sealed class ObjectStore(string directory)
{
    readonly Lock gate = new();

    /// <summary>Where contents lie.</summary>
    public string Directory => directory;

    /// <summary>The name of a content, relative to the store.</summary>
    public static string NameOf(ReadOnlySpan<byte> hash)
    {
        var hex = Convert.ToHexStringLower(hash);
        return $"{hex[..2]}/{hex[2..]}";
    }

    /// <summary>The hash of a file's content.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] HashOf(SafeFileHandle parent, ReadOnlySpan<byte> nameTerminated)
    {
        using var file = new FileStream(Syscall.OpenAt(parent, nameTerminated, OpenFlags.ReadOnly | OpenFlags.NoFollow), FileAccess.Read, bufferSize: 0);
        return SHA256.HashData(file);
    }

    /// <summary>Whether the file system protects contents by fs-verity; known after <see cref="Prepare"/>.</summary>
    public bool Protects { get; private set; }

    /// <summary>Makes the directory, and finds out whether contents can be protected there.</summary>
    public void Prepare()
    {
        Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(directory), Permissions.Octal0700);
        using var store = Syscall.Open(directory, OpenFlags.Directory);
        Syscall.TryUnlinkAt(store, "verity");
        Syscall.MknodAt(store, "verity", FileKind.Regular, Permissions.Octal0600);
        using (var file = Syscall.OpenAt(store, "verity", OpenFlags.ReadOnly | OpenFlags.NoFollow)) Protects = Syscall.TryEnableVerity(file);
        Syscall.TryUnlinkAt(store, "verity");
    }

    /// <summary>Protects a content, and gives its fs-verity digest.</summary>
    /// <exception cref="LinuxException">It cannot be read or protected.</exception>
    public byte[] Protect(byte[] hash)
    {
        using var file = Syscall.Open(Path.Combine(directory, NameOf(hash)), OpenFlags.ReadOnly | OpenFlags.NoFollow);
        return Syscall.TryEnableVerity(file)
            ? Syscall.MeasureVerity(file)
            : throw StrakeException.Internal($"composefs: {NameOf(hash)} cannot be protected by fs-verity, and others could");
    }

    /// <summary>Takes contents in, by giving files second names: nothing is copied. Those that are there already stay.</summary>
    /// <param name="indexPath">Where the index of the layer goes.</param>
    /// <param name="root">The layer's directory.</param>
    /// <param name="contents">Hashes, and a path each of a file with that content. Nobody changes those files any more.</param>
    /// <exception cref="StrakeException">DataLoss: a content that is there is damaged.</exception>
    /// <exception cref="LinuxException">A file cannot be linked.</exception>
    public void Add(string indexPath, SafeFileHandle root, IReadOnlyDictionary<byte[], EntryPath> contents)
    {
        // Against a removal that has seen that nobody needs a content which this layer is about to need.
        lock (gate)
        {
            ObjectIndex.Write(indexPath, contents.Keys);
            FaultPoint.Reach("composefs.objects.indexed");
            using var store = Syscall.Open(directory, OpenFlags.Directory);
            foreach (var (hash, path) in contents) Link(root, path, store, hash);
            FaultPoint.Reach("composefs.objects.linked");
        }
    }

    /// <summary>Removes the contents that an index names and no other does.</summary>
    /// <param name="indexPath">The index of a layer that is going; it may be missing.</param>
    /// <param name="others">The indexes of all others.</param>
    public void Release(string indexPath, Func<IEnumerable<string>> others)
    {
        lock (gate)
        {
            var unneeded = ObjectIndex.Read(indexPath);
            if (unneeded.Count == 0) return;
            foreach (var other in others()) ObjectIndex.Subtract(unneeded, other);
            using var store = Syscall.Open(directory, OpenFlags.Directory);
            foreach (var hash in unneeded) Syscall.TryUnlinkAt(store, NameOf(hash));
            foreach (var first in unneeded.Select(hash => hash[0]).Distinct()) RemoveIfEmpty(store, $"{first:x2}");
        }
    }

    static void RemoveIfEmpty(SafeFileHandle store, string name)
    {
        try
        {
            Syscall.TryUnlinkAt(store, name, AtFlags.RemoveDirectory);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOTEMPTY or Errno.EEXIST)
        {
            // Others' contents are in it.
            return;
        }
    }

    static void Link(SafeFileHandle root, EntryPath path, SafeFileHandle store, byte[] hash)
    {
        var name = PathBytes.Encode(NameOf(hash));
        using var file = Syscall.OpenAt2(root, path.Terminated, OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
        if (Syscall.TryStatAt(store, name, out var present))
        {
            // A power cut may leave a name without its content, where nothing that needs it was committed: the layer's removal clears it away.
            if (present.SizeBytes != Syscall.Stat(file).SizeBytes)
                throw StrakeException.DataLoss($"composefs: {Syscall.PathOf(store)}/{NameOf(hash)} is not as long as it was; move it away and pull again");
            return;
        }

        Syscall.TryMkdirAt(store, (byte[])[name[0], name[1], 0], Permissions.Octal0700);
        Syscall.LinkAt(file, store, name);
    }
}
