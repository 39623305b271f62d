namespace Strake.Images.Tar;

/// <summary>The content of a <see cref="TarReader"/>'s current entry as a stream.</summary>
sealed class TarContentStream(TarReader reader) : ForwardStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? ValueTask.FromResult(0) : reader.ReadContentAsync(buffer, cancellationToken);
}
