namespace Strake.Images.Codecs;

/// <summary>gzip by ISA-L.</summary>
sealed unsafe class IsalGzipCodec : Codec
{
    readonly NativeState _state = new(IsalLibrary.StateSize);
    bool _inMember;

    public IsalGzipCodec()
    {
        IsalLibrary.InflateInit(_state.Pointer);
    }

    public override string Name => "gzip";

    public override bool AtEnd => !_inMember;

    public override void Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        consumed = written = 0;
        if (!_inMember && input.IsEmpty) return;
        if (!_inMember) StartMember(input[0]);
        var state = _state.Pointer;
        var front = (IsalLibrary.Front*)state;
        fixed (byte* source = input, target = output)
        {
            front->NextIn = source;
            front->AvailableIn = (uint)input.Length;
            front->NextOut = target;
            front->AvailableOut = (uint)output.Length;
            var result = IsalLibrary.Inflate(state);
            if (result < 0) throw Damaged(Reason(result));
            consumed = input.Length - (int)front->AvailableIn;
            written = output.Length - (int)front->AvailableOut;
            front->NextIn = front->NextOut = null;
            front->AvailableIn = front->AvailableOut = 0;
        }
        _inMember = *(int*)(state + IsalLibrary.BlockStateAt) != IsalLibrary.BlockFinish;
    }

    public override void Dispose() => _state.Dispose();

    void StartMember(byte first)
    {
        // ISA-L would report a wrong header only after ten bytes; what is not a member is refused at once.
        if (first != 0x1F) throw Damaged("something else follows its end");
        IsalLibrary.InflateReset(_state.Pointer);
        *(int*)(_state.Pointer + IsalLibrary.CrcFlagAt) = IsalLibrary.GzipFlag;
        _inMember = true;
    }

    // igzip_lib.h, "Inflate Flags".
    static string Reason(int result) => result switch
    {
        -1 => "an invalid block",
        -2 => "an invalid symbol",
        -3 => "a reference before its start",
        -4 => "an invalid header",
        -5 => "an unknown method",
        -6 => "its checksum is wrong",
        _ => $"isal_inflate says {result}",
    };
}
