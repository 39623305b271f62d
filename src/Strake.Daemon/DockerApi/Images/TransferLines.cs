using System.Threading.Channels;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// Sends what a pull or a push tells. Each change of a layer's status is a line; how far it is, is told seldom enough for a terminal, and of
/// what a slow client has not taken only the newest. Reports come from the threads that move bytes and do not wait.
/// </summary>
sealed class TransferLines : IProgress<TransferProgress>, IAsyncDisposable
{
    // As moby: ten lines a second for each layer.
    static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    readonly TimeProvider time;
    readonly Lock gate = new();
    readonly Dictionary<string, (string Status, long At)> told = new(StringComparer.Ordinal);
    readonly Channel<bool> signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    readonly Task writing;
    List<TransferProgress> pending = [];

    /// <summary>Begins to send.</summary>
    /// <param name="output">Where the lines go.</param>
    /// <param name="time">The clock.</param>
    public TransferLines(ProgressStream output, TimeProvider time)
    {
        this.time = time;
        writing = WriteAsync(output);
    }

    /// <inheritdoc/>
    public void Report(TransferProgress value)
    {
        lock (gate)
        {
            if (value is { Id: { } id, TotalBytes: not null })
            {
                if (!IsDue(id, value)) return;
                int before = pending.FindLastIndex(line => line.Id == id);
                if (before >= 0 && pending[before].Status == value.Status && pending[before].TotalBytes is not null) pending[before] = value;
                else pending.Add(value);
            }
            else
            {
                pending.Add(value);
            }
        }

        signals.Writer.TryWrite(true);
    }

    /// <summary>Sends what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        signals.Writer.TryComplete();
        await writing;
    }

    bool IsDue(string id, TransferProgress value)
    {
        long now = time.GetTimestamp();
        bool isSame = told.TryGetValue(id, out (string Status, long At) before) && before.Status == value.Status;
        if (isSame && value.CurrentBytes < value.TotalBytes && time.GetElapsedTime(before.At, now) < s_period) return false;
        told[id] = (value.Status, now);
        return true;
    }

    async Task WriteAsync(ProgressStream output)
    {
        try
        {
            while (await signals.Reader.WaitToReadAsync())
            {
                signals.Reader.TryRead(out _);
                await WritePendingAsync(output);
            }

            await WritePendingAsync(output);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone; the operation learns it by itself.
            return;
        }
    }

    static bool IsLayer(TransferProgress line) => line.Id is not null && !line.Status.StartsWith("Pulling from ", StringComparison.Ordinal);

    async Task WritePendingAsync(ProgressStream output)
    {
        List<TransferProgress> lines;
        lock (gate) (lines, pending) = (pending, []);
        foreach (TransferProgress line in lines)
        {
            await output.WriteAsync(new ProgressLine
            {
                Status = line.Status,
                // Empty where nothing is measured: so Docker has it in lines about a layer, and only there.
                Detail = line.TotalBytes is { } total ? new(line.CurrentBytes, total) : IsLayer(line) ? ProgressDetail.None : null,
                Id = line.Id,
            });
            if (line.Pushed is { } pushed)
                await output.WriteAsync(new ProgressLine { Detail = ProgressDetail.None, Aux = new() { Tag = pushed.Tag, Digest = pushed.Digest.ToString(), Size = pushed.SizeBytes } });
        }
    }
}
