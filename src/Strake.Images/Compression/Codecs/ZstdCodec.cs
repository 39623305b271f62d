using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>zstd by libzstd, several frames in a row and skippable ones included.</summary>
sealed unsafe class ZstdCodec : Codec
{
    // 128 MiB, zstd's own limit without --long, said aloud.
    const int WindowLogMax = 27;

    readonly ZstdDecoderHandle _decoder = ZstdLibrary.CreateDecoder();
    bool _inFrame;

    public ZstdCodec()
    {
        if (_decoder.IsInvalid) throw Damaged("no memory is left for it");
        ZstdLibrary.SetDecoderParameter(_decoder, ZstdLibrary.WindowLogMax, WindowLogMax);
    }

    public override string Name => "zstd";

    public override bool AtEnd => !_inFrame;

    public override void Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        consumed = written = 0;
        if (!_inFrame && input.IsEmpty) return;
        fixed (byte* source = input, target = output)
        {
            var from = new ZstdLibrary.InBuffer { Start = source, Size = (nuint)input.Length };
            var to = new ZstdLibrary.OutBuffer { Start = target, Size = (nuint)output.Length };
            var result = ZstdLibrary.Decompress(_decoder, &to, &from);
            if (ZstdLibrary.IsError(result) != 0) throw Damaged(ZstdLibrary.ErrorText(result));
            consumed = (int)from.Position;
            written = (int)to.Position;
            // 0: a frame is over and all of it was written.
            _inFrame = result != 0;
        }
    }

    public override void Dispose() => _decoder.Dispose();
}
