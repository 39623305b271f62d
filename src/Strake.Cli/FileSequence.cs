using Strake.Images;

namespace Strake.Cli;

/// <summary>Files read one behind the other, each opened when its turn comes.</summary>
/// <param name="paths">The files.</param>
sealed class FileSequence(IReadOnlyList<string> paths) : ForwardStream
{
    FileStream? current;
    int next;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (current is null)
            {
                if (next == paths.Count)
                    return 0;
                current = File.OpenRead(paths[next++]);
            }

            int read = await current.ReadAsync(buffer, cancellationToken);
            if (read > 0 || buffer.IsEmpty)
                return read;
            await current.DisposeAsync();
            current = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            current?.Dispose();
        base.Dispose(disposing);
    }
}
