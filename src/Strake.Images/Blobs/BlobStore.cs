using Strake.Linux;

namespace Strake.Images;

/// <summary>
/// Files named by the digest of their bytes: configs and manifests. Small ones, read and written whole.
/// </summary>
/// <remarks>
/// <code>
/// image/                 0700
///   blobs/sha256/&lt;hex&gt;   0600, written durably: temporary file, fsync, rename, fsync of the folder
///   ingest/              what is under way; emptied when the store is opened, but for parts (<see cref="PartStore"/>)
/// </code>
/// Thread-safe: a blob is there whole or not at all, and its bytes never change; one that the disk damaged is replaced when it is written again.
/// </remarks>
public sealed class BlobStore
{
    readonly string _blobs;

    BlobStore(string blobs) => _blobs = blobs;

    /// <summary>Opens the store, makes its folders, and removes what a crash left of writes.</summary>
    /// <param name="directory">The folder <c>image</c> under the data root.</param>
    /// <exception cref="StrakeException">The folder cannot be used.</exception>
    public static BlobStore Open(string directory)
    {
        var blobs = Path.Combine(directory, "blobs", "sha256");
        var ingest = Path.Combine(directory, "ingest");
        return BlobFailure.Guard("opening", directory, () =>
        {
            DurableFolder.Create(blobs);
            DurableFolder.Create(ingest);
            foreach (var leftover in new DirectoryInfo(ingest).EnumerateFileSystemInfos().Where(f => !PartStore.IsPart(f.Name))) Delete(leftover);
            foreach (var file in new DirectoryInfo(blobs).EnumerateFiles().Where(f => DurableFile.IsTemporary(f.Name))) file.Delete();
            return new BlobStore(blobs);
        });
    }

    /// <summary>Writes a blob; one that is there already, and whole, stays. On return it is on disk.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="StrakeException">DataLoss: the bytes have another digest. Exhausted: no space.</exception>
    public void Write(Digest digest, ReadOnlySpan<byte> content)
    {
        var actual = Digest.Of(content);
        if (actual != digest) throw StrakeException.DataLoss($"writing blob {digest}: the bytes have the digest {actual}");
        if (IsWhole(digest)) return;

        FaultPoint.Reach("image.blob.before-write");
        try
        {
            DurableFile.Write(PathOf(digest), content, Permissions.Octal0600);
        }
        catch (IOException e)
        {
            throw BlobFailure.Of("writing", PathOf(digest), e);
        }

        FaultPoint.Reach("image.blob.after-write");
    }

    /// <summary>Reads a blob and verifies it.</summary>
    /// <param name="digest">Its digest.</param>
    /// <exception cref="StrakeException">NotFound: there is none. DataLoss: the file's bytes have another digest.</exception>
    public byte[] Read(Digest digest)
    {
        var path = PathOf(digest);
        var content = BlobFailure.Guard("reading", path, () => File.ReadAllBytes(path));
        return Digest.Of(content) == digest
            ? content
            : throw StrakeException.DataLoss($"reading blob {digest}: {path} is damaged: its bytes have the digest {Digest.Of(content)}");
    }

    /// <summary>Whether there is such a blob; its bytes are not looked at.</summary>
    /// <param name="digest">Its digest.</param>
    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Removes a blob for good; one that is not there is fine.</summary>
    /// <param name="digest">Its digest.</param>
    /// <exception cref="StrakeException">It cannot be removed.</exception>
    public void Remove(Digest digest) => BlobFailure.Guard("removing", PathOf(digest), () =>
    {
        DurableFile.Remove(PathOf(digest));
        return true;
    });

    /// <summary>All blobs, in no order.</summary>
    /// <exception cref="StrakeException">The folder cannot be read.</exception>
    public IReadOnlyList<Digest> List() => BlobFailure.Guard("listing", _blobs, () =>
        (IReadOnlyList<Digest>)
        [
            .. Directory.EnumerateFiles(_blobs)
                .Select(f => Digest.TryParse(Digest.Prefix + Path.GetFileName(f), out var digest) ? digest : default)
                .Where(d => d.IsSet),
        ]);

    // Small files that are written seldom: reading one costs nothing beside the load that brings it again.
    bool IsWhole(Digest digest)
    {
        try
        {
            return Contains(digest) && Digest.Of(File.ReadAllBytes(PathOf(digest))) == digest;
        }
        catch (IOException)
        {
            // The disk does not give it back: the same as if it were damaged.
            return false;
        }
    }

    // A digest is 64 hexadecimal digits: nothing in it can lead elsewhere.
    string PathOf(Digest digest) => Path.Combine(_blobs, digest.Hex);

    static void Delete(FileSystemInfo leftover)
    {
        // A link to a folder is a folder to .NET; only a real one is entered.
        if (leftover is DirectoryInfo { LinkTarget: null } folder) folder.Delete(recursive: true);
        else leftover.Delete();
    }
}
