namespace Strake.Containers.Engine;

/// <summary>A restart that a policy has decided on, and that can still be given up.</summary>
/// <param name="delay">How long it is held back.</param>
/// <param name="time">The clock.</param>
sealed class DueRestart(TimeSpan delay, TimeProvider time) : IDisposable
{
    readonly CancellationTokenSource giveUp = new();

    /// <summary>How long it is held back.</summary>
    public TimeSpan Delay => delay;

    /// <summary>Waits until it is time.</summary>
    /// <param name="cancellationToken">Gives it up as well.</param>
    /// <returns>False when it was given up.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellationToken);
        try
        {
            await Task.Delay(delay, time, either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Gives it up.</summary>
    public void Dispose() => giveUp.Cancel();
}
