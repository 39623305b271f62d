using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>
/// gzip by the system's zlib, where ISA-L is not installed. Not <see cref="System.IO.Compression.GZipStream"/>: that ends silently where
/// a stream is cut short, and ignores what follows it.
/// </summary>
sealed unsafe partial class ZlibGzipCodec : Codec
{
    const string Library = "libz.so.1";
    const int WindowBitsGzip = 15 + 16;
    const int StreamEnd = 1;
    const int BufferError = -5;

    readonly NativeState _state = new(sizeof(ZStream), &End);
    bool _inMember;

    public ZlibGzipCodec()
    {
        // The version's first digit and the struct's size are what zlib checks.
        if (InflateInit((ZStream*)_state.Pointer, WindowBitsGzip, "1"u8.ToArray(), sizeof(ZStream)) != 0) throw Damaged("zlib cannot start");
        _state.Started = true;
    }

    public override string Name => "gzip";

    public override bool AtEnd => !_inMember;

    public override void Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        consumed = written = 0;
        if (!_inMember && input.IsEmpty) return;
        var stream = (ZStream*)_state.Pointer;
        if (!_inMember && input[0] != 0x1F) throw Damaged("something else follows its end");
        if (!_inMember) InflateReset(stream);
        fixed (byte* source = input, target = output)
        {
            *stream = *stream with { NextIn = source, AvailableIn = (uint)input.Length, NextOut = target, AvailableOut = (uint)output.Length };
            var result = Inflate(stream, flush: 0);
            if (result is not (0 or StreamEnd or BufferError)) throw Damaged(Marshal.PtrToStringUTF8((nint)stream->Message) ?? $"zlib says {result}");
            consumed = input.Length - (int)stream->AvailableIn;
            written = output.Length - (int)stream->AvailableOut;
            _inMember = result != StreamEnd;
        }
    }

    public override void Dispose() => _state.Dispose();

    static void End(nint state) => InflateEnd((ZStream*)state);

    [LibraryImport(Library, EntryPoint = "inflateInit2_")]
    private static partial int InflateInit(ZStream* stream, int windowBits, byte[] version, int streamSize);

    [LibraryImport(Library, EntryPoint = "inflateReset")]
    private static partial int InflateReset(ZStream* stream);

    [LibraryImport(Library, EntryPoint = "inflate")]
    private static partial int Inflate(ZStream* stream, int flush);

    [LibraryImport(Library, EntryPoint = "inflateEnd")]
    private static partial int InflateEnd(ZStream* stream);

    // zlib.h, struct z_stream_s.
    [StructLayout(LayoutKind.Sequential)]
    struct ZStream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public nuint TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public nuint TotalOut;
        public byte* Message;
        public void* State;
        public void* Allocate;
        public void* Free;
        public void* Opaque;
        public int DataType;
        public nuint Adler;
        public nuint Reserved;
    }
}
