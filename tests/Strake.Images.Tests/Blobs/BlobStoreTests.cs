namespace Strake.Images.Tests;

public sealed class BlobStoreTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly byte[] _content = [1, 2, 3];

    Digest Name => Digest.Of(_content);

    string PathOf(Digest digest) => _folder.At($"image/blobs/sha256/{digest.Hex}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_blob_comes_back_as_it_was_written()
    {
        var blobs = Open();
        blobs.Write(Name, _content);
        blobs.Write(Name, _content);
        Assert.Equal(_content, Open().Read(Name));
        Assert.Equal([Name], blobs.List());
        Assert.True(blobs.Contains(Name));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(Name)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.At("image")));
    }

    [Fact]
    public void Bytes_of_another_digest_are_not_written()
    {
        var blobs = Open();
        Assert.Equal(ErrorKind.DataLoss, Assert.Throws<StrakeException>(() => blobs.Write(Name, [1, 2])).Kind);
        Assert.Empty(blobs.List());
    }

    [Fact]
    public void A_damaged_blob_is_data_loss()
    {
        var blobs = Open();
        blobs.Write(Name, _content);
        File.WriteAllBytes(PathOf(Name), [1, 2, 4]);
        Assert.Equal(ErrorKind.DataLoss, Assert.Throws<StrakeException>(() => blobs.Read(Name)).Kind);
    }

    [Fact]
    public void A_missing_blob_is_not_found_and_can_be_removed()
    {
        var blobs = Open();
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<StrakeException>(() => blobs.Read(Name)).Kind);
        blobs.Remove(Name);
        blobs.Write(Name, _content);
        blobs.Remove(Name);
        blobs.Remove(Name);
        Assert.False(blobs.Contains(Name));
    }

    [Fact]
    public void Opening_removes_what_a_crash_left_and_nothing_else()
    {
        Open().Write(Name, _content);
        File.WriteAllText(_folder.At("image/blobs/sha256/.strake-tmp-abc"), "half");
        File.WriteAllText(_folder.At("image/ingest/download"), "half");
        Directory.CreateDirectory(_folder.At("image/ingest/folder/deeper"));
        Directory.CreateDirectory(_folder.At("elsewhere"));
        File.WriteAllText(_folder.At("elsewhere/kept"), "kept");
        File.CreateSymbolicLink(_folder.At("image/ingest/link"), _folder.At("elsewhere"));

        Assert.Equal([Name], Open().List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.At("image/ingest")));
        Assert.Single(Directory.EnumerateFiles(_folder.At("image/blobs/sha256")));
        Assert.True(File.Exists(_folder.At("elsewhere/kept")));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        File.WriteAllText(_folder.At("image"), "");
        Assert.Throws<StrakeException>(Open);
    }

    BlobStore Open() => BlobStore.Open(_folder.At("image"));
}
