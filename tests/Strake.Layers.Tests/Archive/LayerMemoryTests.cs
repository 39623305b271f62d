using System.Text;
using Strake.Images;
using Strake.Images.Tar;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers.Tests.Archive;

/// <summary>What a layer can make the engine keep in memory: a small compressed one can say very much.</summary>
public sealed class LayerMemoryTests : IDisposable
{
    const int Directories = 256;
    const long Allowed = 64 << 20;

    readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Attributes_of_directories_are_not_kept()
    {
        // The overlay's own, which are left out: they need nothing of the disk.
        var value = new byte[60 * 1024];
        var xattrs = Enumerable.Range(0, 16).Select(i => new TarXattr(Encoding.ASCII.GetBytes($"trusted.overlay.{i}"), value)).ToList();
        var target = new MemoryStream();
        var tar = new TarWriter(target);
        for (var i = 0; i < Directories; i++)
        {
            // Half of them a second time.
            var name = Encoding.ASCII.GetBytes($"d{i % (Directories / 2)}/");
            var entry = new TarEntry { Name = name, Type = TarEntryType.Directory, Mode = Permissions.Octal0755, Xattrs = xattrs };
            await tar.WriteEntryAsync(entry, TestContext.Current.CancellationToken);
        }

        await tar.CompleteAsync(TestContext.Current.CancellationToken);
        target.Position = 0;

        using var directory = Syscall.Open(_box.Layer, OpenFlags.Directory);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var source = new MeasuringStream(target);
        await LayerApply.ApplyAsync(
            source, directory, new LayerApplyOptions { Whiteouts = WhiteoutForm.Overlay }, splitRecord: null, progress: null, TestContext.Current.CancellationToken);

        Assert.InRange(source.MemoryAtEnd - before, long.MinValue, Allowed);
    }

    /// <summary>Measures the memory that is in use when it has been read to its end.</summary>
    sealed class MeasuringStream(Stream source) : Stream
    {
        public long MemoryAtEnd { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Measured(source.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Measured(await source.ReadAsync(buffer, cancellationToken));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        int Measured(int read)
        {
            if (read == 0) MemoryAtEnd = GC.GetTotalMemory(forceFullCollection: true);
            return read;
        }
    }
}
