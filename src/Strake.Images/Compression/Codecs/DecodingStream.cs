namespace Strake.Images.Codecs;

/// <summary>The plain bytes of a compressed stream. The end of the source anywhere but at the end of the compressed data is an error.</summary>
sealed class DecodingStream(SourceBuffer input, Codec codec, ExpansionLimit limit) : ForwardStream
{
    long _written;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            // Tried without input too: a codec may hold output back, and xz must be told of the end.
            codec.Decode(input.Available, buffer.Span, input.Ended, out var consumed, out var written);
            input.Use(consumed);
            if (written > 0) return Count(written);
            if (consumed > 0) continue;
            if (input.Ended && codec.AtEnd) return 0;
            if (input.Ended) throw StrakeException.Invalid($"the {codec.Name} stream ends too early, after {input.Used} bytes");
            if (!input.Available.IsEmpty) throw StrakeException.Invalid($"the {codec.Name} stream is damaged at byte {input.Used}");
            await input.FillAsync(cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            codec.Dispose();
            input.Dispose();
        }
        base.Dispose(disposing);
    }

    int Count(int written)
    {
        _written += written;
        if (limit.Allows(input.Used, _written)) return written;
        throw StrakeException.TooLarge(
            $"the {codec.Name} stream expands to more than allowed: {_written} bytes out of {input.Used}; the limit is {limit}");
    }
}
