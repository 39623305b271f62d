using System.Buffers;
using Strake.Images.Codecs;

namespace Strake.Images;

/// <summary>
/// Compresses what is written to it into one zstd frame with a checksum. Synchronous, for files: it computes, and the target is a disk.
/// The frame is whole only after <see cref="Complete"/>; disposal alone leaves it cut short, which a reader notices.
/// </summary>
public sealed unsafe class ZstdEncodingStream : Stream
{
    const int BufferSize = 64 * 1024;

    readonly Stream _target;
    readonly ZstdEncoderHandle _encoder;
    byte[] _output = ArrayPool<byte>.Shared.Rent(BufferSize);

    /// <summary>A stream at the start of a frame.</summary>
    /// <param name="target">Receives the frame; not closed.</param>
    /// <param name="level">1 (fast) to 19 (small).</param>
    public ZstdEncodingStream(Stream target, int level)
    {
        _target = target;
        _encoder = ZstdLibrary.CreateEncoder();
        if (_encoder.IsInvalid) throw StrakeException.Exhausted("no memory is left for a zstd encoder");
        ZstdLibrary.SetEncoderParameter(_encoder, ZstdLibrary.CompressionLevel, level);
        ZstdLibrary.SetEncoderParameter(_encoder, ZstdLibrary.ChecksumFlag, 1);
    }

    /// <summary>Whether libzstd is installed.</summary>
    public static bool IsSupported => ZstdLibrary.IsInstalled;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Pump(buffer, ZstdLibrary.Continue);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Ends the frame and hands all of it to the target.</summary>
    public void Complete() => Pump(default, ZstdLibrary.EndFrame);

    /// <summary>Does nothing: a flush in the middle would only make the frame larger.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _encoder.Dispose();
            if (_output.Length > 0) ArrayPool<byte>.Shared.Return(_output);
            _output = [];
        }
        base.Dispose(disposing);
    }

    void Pump(ReadOnlySpan<byte> input, int directive)
    {
        fixed (byte* source = input, target = _output)
        {
            var from = new ZstdLibrary.InBuffer { Start = source, Size = (nuint)input.Length };
            nuint left;
            do
            {
                var to = new ZstdLibrary.OutBuffer { Start = target, Size = (nuint)_output.Length };
                left = ZstdLibrary.Compress(_encoder, &to, &from, directive);
                if (ZstdLibrary.IsError(left) != 0) throw new InvalidOperationException("libzstd: " + ZstdLibrary.ErrorText(left));
                if (to.Position > 0) _target.Write(_output.AsSpan(0, (int)to.Position));
            }
            while (directive == ZstdLibrary.EndFrame ? left > 0 : from.Position < from.Size);
        }
    }
}
