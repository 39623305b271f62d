namespace Strake.Grpc;

/// <summary>What may end a call of ours before it is done: its time, its caller, its channel. And what to tell of whatever did.</summary>
readonly struct CallEnd : IDisposable
{
    // Longer than any call, and within what a timer takes.
    static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    readonly GrpcChannel channel;
    readonly CancellationToken given;
    readonly CancellationTokenSource? deadline;
    readonly CancellationTokenSource? any;

    CallEnd(GrpcChannel channel, CancellationToken given, CancellationTokenSource? deadline, CancellationTokenSource? any)
    {
        this.channel = channel;
        this.given = given;
        this.deadline = deadline;
        this.any = any;
    }

    /// <summary>
    /// Ends when one of them does; without an end where only the channel can, which ends its calls by ending their connection: a token that all calls
    /// of a channel share would be what they wait for most.
    /// </summary>
    public CancellationToken Token => any?.Token ?? CancellationToken.None;

    /// <summary>The end of a call that nobody but those ends. Costs nothing where only the channel can.</summary>
    /// <param name="channel">The call's channel.</param>
    /// <param name="options">The call's time.</param>
    /// <param name="given">The caller's token.</param>
    public static CallEnd Of(GrpcChannel channel, GrpcCallOptions options, CancellationToken given) =>
        options.Timeout is null && !given.CanBeCanceled ? new CallEnd(channel, given, deadline: null, any: null) : OfStream(channel, options, given);

    /// <summary>The end of a call that may be given up before it is over.</summary>
    /// <inheritdoc cref="Of"/>
    public static CallEnd OfStream(GrpcChannel channel, GrpcCallOptions options, CancellationToken given)
    {
        CancellationTokenSource? late = options.Timeout is { } timeout ? new CancellationTokenSource(Within(timeout), channel.Options.Time) : null;
        return new CallEnd(channel, given, late, CancellationTokenSource.CreateLinkedTokenSource(given, late?.Token ?? CancellationToken.None, channel.Closed));
    }

    /// <summary>Gives the call up.</summary>
    public Task GiveUpAsync() => any?.CancelAsync() ?? Task.CompletedTask;

    /// <summary>What a failure means to whoever waited.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="path">The method.</param>
    /// <param name="waiting">The token of the one that waited, where it is another than the call's.</param>
    public Exception Describe(Exception error, string path, CancellationToken waiting = default)
    {
        if (deadline is { IsCancellationRequested: true })
        {
            // Who waits in vain wants to know for what.
            string why = channel.Trouble is { } trouble ? $"; {trouble}" : "";
            return new GrpcException(GrpcStatusCode.DeadlineExceeded, $"{path}: the call's time is over{why}", error);
        }

        if (given.IsCancellationRequested) return new OperationCanceledException(error.Message, error, given);
        if (waiting.IsCancellationRequested) return new OperationCanceledException(error.Message, error, waiting);
        return channel.Closed.IsCancellationRequested
            ? new GrpcException(GrpcStatusCode.Unavailable, "the connection was closed", error)
            : new GrpcException(ResponseStatus.OfFailure(error, channel.Peer), error);
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose()
    {
        any?.Dispose();
        deadline?.Dispose();
    }

    static TimeSpan Within(TimeSpan timeout) => timeout <= TimeSpan.Zero ? TimeSpan.Zero : timeout < s_longest ? timeout : s_longest;
}
