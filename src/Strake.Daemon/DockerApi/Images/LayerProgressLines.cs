using System.Threading.Channels;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// Sends how far each layer is, seldom enough for a terminal: reports come from the threads that read layers, as often as they like,
/// and must not wait for the client.
/// </summary>
sealed class LayerProgressLines : IProgress<LayerProgress>, IAsyncDisposable
{
    const long StepBytes = 1024 * 1024;

    // Of what the client cannot take in time only the newest matters.
    readonly Channel<LayerProgress> pending =
        Channel.CreateBounded<LayerProgress>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    readonly Dictionary<string, long> told = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    readonly Task writing;

    /// <summary>Begins to send.</summary>
    public LayerProgressLines(ProgressStream output) => writing = WriteAsync(output);

    /// <inheritdoc/>
    public void Report(LayerProgress value)
    {
        lock (gate)
        {
            bool end = value.CurrentBytes >= value.TotalBytes && value.TotalBytes > 0;
            if (told.TryGetValue(value.Name, out long before) && value.CurrentBytes - before < StepBytes && !(end && value.CurrentBytes > before)) return;
            told[value.Name] = value.CurrentBytes;
        }

        pending.Writer.TryWrite(value);
    }

    /// <summary>Sends what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        await writing;
    }

    async Task WriteAsync(ProgressStream output)
    {
        await foreach (LayerProgress progress in pending.Reader.ReadAllAsync())
        {
            await output.WriteAsync(new ProgressLine
            {
                Status = "Loading layer",
                Detail = new(progress.CurrentBytes, progress.TotalBytes),
                Id = progress.Name,
            });
        }
    }
}
