namespace Strake.Images;

/// <summary>An answer's body that does not wait for ever for the next byte.</summary>
/// <param name="source">The body; disposed with this.</param>
/// <param name="longest">The longest wait.</param>
/// <param name="time">The clock.</param>
sealed class StallGuardStream(Stream source, TimeSpan longest, TimeProvider time) : ForwardStream
{
    // One for all reads: a body has many. Who cancels one of them does not want the others.
    readonly CancellationTokenSource stop = new(Timeout.InfiniteTimeSpan, time);

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">No byte came in time; the body cannot be read further.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), stop);
        stop.CancelAfter(longest);
        try
        {
            return await source.ReadAsync(buffer, stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no byte came within {longest.TotalSeconds:0.#} s", e);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        finally
        {
            if (!stop.IsCancellationRequested) stop.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            stop.Dispose();
        }

        base.Dispose(disposing);
    }
}
