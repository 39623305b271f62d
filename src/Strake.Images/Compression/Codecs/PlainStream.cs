namespace Strake.Images.Codecs;

/// <summary>A stream that is not compressed: first the bytes that were read to find that out, then the source itself.</summary>
sealed class PlainStream(SourceBuffer input) : ForwardStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (input.Available.IsEmpty) return input.Ended ? ValueTask.FromResult(0) : input.Source.ReadAsync(buffer, cancellationToken);
        var part = Math.Min(buffer.Length, input.Available.Length);
        input.Available[..part].CopyTo(buffer.Span);
        input.Use(part);
        return ValueTask.FromResult(part);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}
