using System.Net.Sockets;

namespace Strake.Grpc;

/// <summary>
/// Opens connections to one address, not more often than makes sense: after a failure, nobody tries until the back-off is over, and who asks
/// meanwhile gets that failure.
/// </summary>
/// <remarks>Thread-safe. gRPC <c>doc/connection-backoff.md</c>, without the jitter: a server here has few clients.</remarks>
/// <param name="address">The server.</param>
/// <param name="options">Times and the clock.</param>
sealed class Connector(GrpcAddress address, GrpcChannelOptions options)
{
    const double Growth = 1.6;

    readonly Lock state = new();
    ConnectException? last;
    TimeSpan backOff;
    long failedAt;

    /// <summary>The server.</summary>
    public GrpcAddress Address => address;

    /// <summary>Why the last attempt failed; null where it did not.</summary>
    public ConnectException? Failure
    {
        get
        {
            lock (state) return last;
        }
    }

    /// <summary>Connects.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectException">The server cannot be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        lock (state)
            if (last is not null && Remaining() > TimeSpan.Zero) throw new ConnectException(last.Message, last);
        try
        {
            Stream connection = await OpenAsync(cancellationToken);
            lock (state) (last, backOff) = (null, TimeSpan.Zero);
            return connection;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(e);
        }
    }

    /// <summary>Waits until it makes sense to try again.</summary>
    public Task PauseAsync(CancellationToken cancellationToken)
    {
        TimeSpan remaining;
        lock (state) remaining = Remaining();
        // Timers are coarse, and one that fires early would have us turn here.
        return remaining <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(remaining + TimeSpan.FromMilliseconds(1), options.Time, cancellationToken);
    }

    TimeSpan Remaining() => backOff - options.Time.GetElapsedTime(failedAt);

    ConnectException Failed(Exception error)
    {
        var failure = new ConnectException($"{address} cannot be reached: {(error is OperationCanceledException ? "no answer in time" : error.Message)}", error);
        lock (state)
        {
            TimeSpan longer = backOff == TimeSpan.Zero ? options.FirstBackOff : backOff * Growth;
            backOff = longer < options.MaxBackOff ? longer : options.MaxBackOff;
            failedAt = options.Time.GetTimestamp();
            last = failure;
        }

        return failure;
    }

    async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Socket socket = address.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var limit = new CancellationTokenSource(options.ConnectTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await socket.ConnectAsync(address.EndPoint, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
