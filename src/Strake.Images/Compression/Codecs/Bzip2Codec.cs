using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>bzip2 by libbz2. Needs 4 MB at most, whatever the input says.</summary>
sealed unsafe partial class Bzip2Codec : Codec
{
    const string Library = "libbz2.so.1.0";
    const int StreamEnd = 4;

    readonly NativeState _state = new(sizeof(BzStream), &End);

    public Bzip2Codec()
    {
        // Loads the library, so that a missing one is told of here.
        LibraryVersion();
    }

    public override string Name => "bzip2";

    public override bool AtEnd => !_state.Started;

    public override void Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        consumed = written = 0;
        if (!_state.Started && input.IsEmpty) return;
        var stream = (BzStream*)_state.Pointer;
        if (!_state.Started) StartMember(stream, input[0]);
        fixed (byte* source = input, target = output)
        {
            *stream = *stream with { NextIn = source, AvailableIn = (uint)input.Length, NextOut = target, AvailableOut = (uint)output.Length };
            var result = Decompress(stream);
            if (result is not (0 or StreamEnd)) throw Damaged(Reason(result));
            consumed = input.Length - (int)stream->AvailableIn;
            written = output.Length - (int)stream->AvailableOut;
            if (result != StreamEnd) return;
        }
        DecompressEnd(stream);
        _state.Started = false;
    }

    public override void Dispose() => _state.Dispose();

    void StartMember(BzStream* stream, byte first)
    {
        if (first != 'B') throw Damaged("something else follows its end");
        *stream = default;
        if (DecompressInit(stream, 0, 0) != 0) throw Damaged("libbz2 cannot start");
        _state.Started = true;
    }

    // bzlib.h
    static string Reason(int result) => result switch
    {
        -3 => "no memory is left for it",
        -4 => "its data or checksum is wrong",
        -5 => "something else follows its end",
        _ => $"libbz2 says {result}",
    };

    static void End(nint state) => DecompressEnd((BzStream*)state);

    [LibraryImport(Library, EntryPoint = "BZ2_bzlibVersion")]
    private static partial nint LibraryVersion();

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressInit")]
    private static partial int DecompressInit(BzStream* stream, int verbosity, int small);

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompress")]
    private static partial int Decompress(BzStream* stream);

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressEnd")]
    private static partial int DecompressEnd(BzStream* stream);

    // bzlib.h, bz_stream.
    [StructLayout(LayoutKind.Sequential, Size = 80)]
    struct BzStream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public uint TotalInLow;
        public uint TotalInHigh;
        public byte* NextOut;
        public uint AvailableOut;
        public uint TotalOutLow;
        public uint TotalOutHigh;
        public void* State;
    }
}
