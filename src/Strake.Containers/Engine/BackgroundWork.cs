using Microsoft.Extensions.Logging;

namespace Strake.Containers.Engine;

/// <summary>What the engine does without anybody waiting for it. When the engine is disposed, what has begun is finished and nothing more begins.</summary>
/// <param name="logger">Receives what failed.</param>
sealed partial class BackgroundWork(ILogger logger) : IAsyncDisposable
{
    readonly Lock gate = new();
    readonly HashSet<Task> running = [];
    readonly CancellationTokenSource stop = new();

    /// <summary>Cancelled when the engine is disposed: for waits that would not end by themselves.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Begins some work.</summary>
    /// <param name="subject">What it is about, for the log.</param>
    /// <param name="work">The work.</param>
    public void Begin(string subject, Func<Task> work)
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested)
                return;
            running.RemoveWhere(static task => task.IsCompleted);
            running.Add(Task.Run(() => RunAsync(subject, work)));
        }
    }

    /// <summary>Waits for what has begun.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (gate)
        {
            stop.Cancel();
            left = [.. running];
        }

        await Task.WhenAll(left);
    }

    async Task RunAsync(string subject, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next engine goes on.
        }
        catch (Exception e)
        {
            LogFailed(logger, subject, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Subject} failed")]
    static partial void LogFailed(ILogger logger, string subject, Exception exception);
}
