using Strake.Layers.Archive;
using Strake.Layers.Archive.Split;
using Strake.State;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>What a split record notices. That it gives every tar back, the tests of applying show.</summary>
public sealed class SplitRecordTests : IDisposable
{
    readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("printf X | dd of=layer/d/f bs=1 seek=5 conv=notrunc status=none", "d/f")]
    [InlineData("truncate -s 3 layer/d/f", "d/f")]
    [InlineData("rm layer/d/f", "d/f")]
    [InlineData("rm layer/d/f; mkfifo layer/d/f", "d/f")]
    [InlineData("rm layer/d/f; ln -s ../../canary/file layer/d/f", "d/f")]
    [InlineData("mv layer/d layer/e; ln -s e layer/d", "d/f")]
    public async Task A_changed_file_is_named(string change, string name)
    {
        var (_, record) = await _box.ApplyAsync(Make(Dir("d/"), File_("d/f", "some content")));
        _box.Run(change);
        var error = await Assert.ThrowsAsync<StrakeException>(() => _box.RestoreAsync(record));
        Assert.Equal(ErrorKind.DataLoss, error.Kind);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_record_is_data_loss_and_never_another_tar()
    {
        var tar = Make(File_("f", "some content"), File_("f", "again"), File_("g", new string('g', 9999)));
        var (_, record) = await _box.ApplyAsync(tar);
        for (var at = 0; at < record.Length; at++)
        {
            var damaged = record.ToArray();
            damaged[at] ^= 0x11;
            Assert.True(await IsLossAsync(damaged, tar), $"byte {at} of {record.Length}");
            Assert.True(await IsLossAsync(record[..at], tar), $"cut at {at}");
        }
    }

    [Fact]
    public void Stretches_of_content_have_a_bound()
    {
        using var writer = new SplitRecordWriter(Stream.Null);
        var path = "sparse\0"u8.ToArray();
        var error = Assert.Throws<StrakeException>(() =>
        {
            for (long offset = 0; offset < 1L << 30; offset += 2) writer.Content(path, offset, "x"u8);
        });
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
        Assert.Equal(4 << 20, writer.References.Count);
    }

    [Fact]
    public async Task A_record_is_small()
    {
        var tar = _box.Tar("for i in $(seq 2000); do echo $i > file$i; done; tar --format=posix -cf ../a.tar .; mv ../a.tar .");
        var (_, record) = await _box.ApplyAsync(tar);
        Assert.True(record.Length < tar.Length / 20, $"{record.Length} of {tar.Length}");
        using var stream = new MemoryStream(record);
        Assert.Equal(tar.Length, (await SplitRecord.ReadTrailerAsync(stream, TestContext.Current.CancellationToken)).TarSizeBytes);
    }

    async Task<bool> IsLossAsync(byte[] record, byte[] tar)
    {
        try
        {
            // A few bits of a zstd frame say nothing: the size of its window, for one.
            return (await _box.RestoreAsync(record)).AsSpan().SequenceEqual(tar);
        }
        catch (StrakeException error)
        {
            return error.Kind == ErrorKind.DataLoss;
        }
    }
}
