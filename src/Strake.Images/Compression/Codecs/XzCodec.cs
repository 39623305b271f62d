using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>xz by liblzma, several streams in a row and their padding included.</summary>
sealed unsafe partial class XzCodec : Codec
{
    const string Library = "liblzma.so.5";
    const uint Concatenated = 0x08;

    // xz -9 needs 65 MiB to decode.
    const ulong MemoryLimit = 128UL << 20;

    readonly NativeState _state = new(sizeof(LzmaStream), &End);
    bool _ended;

    public XzCodec()
    {
        if (StreamDecoder((LzmaStream*)_state.Pointer, MemoryLimit, Concatenated) != LzmaResult.Ok) throw Damaged("liblzma cannot start");
        _state.Started = true;
    }

    public override string Name => "xz";

    // With LZMA_CONCATENATED the library says so only when it was told that no more input comes.
    public override bool AtEnd => _ended;

    public override void Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        consumed = written = 0;
        if (_ended) return;
        var stream = (LzmaStream*)_state.Pointer;
        fixed (byte* source = input, target = output)
        {
            *stream = *stream with { NextIn = source, AvailableIn = (nuint)input.Length, NextOut = target, AvailableOut = (nuint)output.Length };
            var result = Code(stream, last ? 3 : 0);
            consumed = input.Length - (int)stream->AvailableIn;
            written = output.Length - (int)stream->AvailableOut;
            _ended = result == LzmaResult.StreamEnd;
            if (result is not (LzmaResult.Ok or LzmaResult.StreamEnd or LzmaResult.BufferError)) throw Damaged(Reason(result));
        }
    }

    public override void Dispose() => _state.Dispose();

    static string Reason(LzmaResult result) => result switch
    {
        LzmaResult.MemoryLimit => $"it wants more than {MemoryLimit >> 20} MiB of memory",
        LzmaResult.Memory => "no memory is left for it",
        LzmaResult.Format => "something else follows its end",
        LzmaResult.Options => "it uses a filter that liblzma does not know",
        LzmaResult.Data => "its data or checksum is wrong",
        _ => $"liblzma says {result}",
    };

    static void End(nint state) => LzmaEnd((LzmaStream*)state);

    [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
    private static partial LzmaResult StreamDecoder(LzmaStream* stream, ulong memoryLimit, uint flags);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    private static partial LzmaResult Code(LzmaStream* stream, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    private static partial void LzmaEnd(LzmaStream* stream);

    // lzma/base.h, lzma_ret.
    enum LzmaResult
    {
        Ok = 0,
        StreamEnd = 1,
        Memory = 5,
        MemoryLimit = 6,
        Format = 7,
        Options = 8,
        Data = 9,
        BufferError = 10,
    }

    // lzma/base.h, lzma_stream.
    [StructLayout(LayoutKind.Sequential, Size = 136)]
    struct LzmaStream
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public void* Allocator;
        public void* Internal;
    }
}
