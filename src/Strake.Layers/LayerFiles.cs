using System.Security.Cryptography;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>The files that the store keeps beside the driver's directories.</summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/image/                    0700
///   splits/&lt;id&gt;                         split record of an image layer, 0600; there before the record says Committed
///   ingest/layer-&lt;random&gt;               a layer as it came, until its parents are there; for drivers that need them first;
///                                       or what a record holds of files that their own tar replaced, while the tar is written
/// </code>
/// </remarks>
sealed class LayerFiles(string dataRoot)
{
    const string SpoolPrefix = "layer-";

    readonly string image = Path.Combine(dataRoot, "image");
    readonly string splits = Path.Combine(dataRoot, "image", "splits");
    readonly string ingest = Path.Combine(dataRoot, "image", "ingest");

    /// <summary>Makes the folders.</summary>
    public void Prepare()
    {
        foreach (var folder in (ReadOnlySpan<string>)[image, splits, ingest])
            Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(folder), Permissions.Octal0700);
    }

    /// <summary>Opens a new split record to be written; what a crash left under the name goes.</summary>
    public FileStream CreateSplit(LayerId id) => new(Split(id), New(FileMode.Create));

    /// <summary>Opens a split record; null when there is none.</summary>
    public FileStream? TryOpenSplit(LayerId id)
    {
        try
        {
            return File.OpenRead(Split(id));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Gives a layer a copy of another's split record, in place of its own. On disk on return; there is always one of the two.</summary>
    public async Task CopySplitAsync(LayerId source, LayerId target, CancellationToken cancellationToken)
    {
        await using var copy = CreateSpool();
        try
        {
            await using (var from = File.OpenRead(Split(source))) await from.CopyToAsync(copy, cancellationToken);
            DurableFile.Place(copy, Split(target));
        }
        catch
        {
            File.Delete(copy.Name);
            throw;
        }
    }

    /// <summary>Whether a layer has a split record with something in it.</summary>
    public bool HasSplit(LayerId id) => new FileInfo(Split(id)) is { Exists: true, Length: > 0 };

    /// <summary>Removes a layer's split record; one that is not there is fine.</summary>
    public void RemoveSplit(LayerId id) => File.Delete(Split(id));

    /// <summary>The names in the folder of split records.</summary>
    public IReadOnlyList<string> ListSplits() => Names(splits, "*");

    /// <summary>Removes what has a name in the folder of split records.</summary>
    public void RemoveSplit(string name) => File.Delete(Path.Combine(splits, name));

    /// <summary>Writes the split records to disk, unless the layers' own flush has done it: that was of the same file system.</summary>
    /// <param name="content">The content of a layer that was sealed just now.</param>
    public void SyncSplits(string content)
    {
        using var folder = Syscall.Open(splits, OpenFlags.Directory);
        var there = Syscall.StatAt(Syscall.WorkingDirectory, content, fields: StatFields.Basic);
        if (Syscall.Stat(folder, StatFields.Basic).Device != there.Device) Syscall.SyncFs(folder);
    }

    /// <summary>Writes all that is dirty on the data root's file system to disk.</summary>
    public void Sync()
    {
        using var folder = Syscall.Open(splits, OpenFlags.Directory);
        Syscall.SyncFs(folder);
    }

    /// <summary>Opens a new file for a layer that must wait for its parents. Its name is the stream's.</summary>
    public FileStream CreateSpool() =>
        new(Path.Combine(ingest, SpoolPrefix + RandomNumberGenerator.GetHexString(16, lowercase: true)), New(FileMode.CreateNew));

    /// <summary>Opens a file that is gone once it is closed; after a kill, at the next start.</summary>
    public FileStream CreateTemporary()
    {
        var options = New(FileMode.CreateNew);
        options.Options = FileOptions.DeleteOnClose;
        return new(Path.Combine(ingest, SpoolPrefix + RandomNumberGenerator.GetHexString(16, lowercase: true)), options);
    }

    /// <summary>The waiting layers' files.</summary>
    public IReadOnlyList<string> ListSpools() => [.. Names(ingest, SpoolPrefix + "*").Select(name => Path.Combine(ingest, name))];

    string Split(LayerId id) => Path.Combine(splits, id.ToString());

    static List<string> Names(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder, pattern).Select(path => Path.GetFileName(path))] : [];

    static FileStreamOptions New(FileMode mode) => new()
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        UnixCreateMode = Permissions.Octal0600,
        BufferSize = 64 * 1024,
    };
}
