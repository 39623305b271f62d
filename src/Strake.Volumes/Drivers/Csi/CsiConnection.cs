using System.Net.Sockets;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>The way to a driver at a socket: its calls, repeated where they may be, and what it has announced.</summary>
/// <param name="driver">The driver's name.</param>
/// <param name="socket">The socket's path.</param>
/// <param name="time">The clock.</param>
sealed class CsiConnection(string driver, string socket, TimeProvider time) : IDisposable
{
    readonly GrpcChannel channel = GrpcChannel.ToUnixSocket(socket, new GrpcChannelOptions { Time = time });
    volatile CsiAbilities? abilities;

    /// <summary>The driver's name.</summary>
    public string Driver => driver;

    /// <summary>The socket's path.</summary>
    public string Socket => socket;

    /// <summary>What the driver announces; asked once, and again after it was away.</summary>
    /// <exception cref="CsiRefusalException">It does not answer.</exception>
    public async Task<CsiAbilities> AbilitiesAsync(CsiPatience patience, CancellationToken cancellationToken) =>
        abilities ??= await CsiAbilities.AskAsync(this, patience, cancellationToken);

    /// <summary>What it announced is asked again: it may be another version by now.</summary>
    public void Forget() => abilities = null;

    /// <summary>
    /// Makes a call. One that timed out, or found the driver busy with the same (ABORTED) or away (UNAVAILABLE), is made again, with the same
    /// names, as long as the patience lasts: every call of the interface may be.
    /// </summary>
    /// <param name="method">The call.</param>
    /// <param name="request">What it asks.</param>
    /// <param name="patience">How long.</param>
    /// <param name="secrets">What must not be told of the answer.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <param name="judge">What is wrong with an answer; null: nothing.</param>
    /// <exception cref="CsiRefusalException">It did not end well.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method,
        TRequest request,
        CsiPatience patience,
        CsiSecrets secrets,
        CancellationToken cancellationToken,
        Func<TResponse, GrpcStatus?>? judge = null)
        where TRequest : class
        where TResponse : class
    {
        long begun = time.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            GrpcException failure;
            try
            {
                TResponse answer = await channel.CallAsync(method, request, new GrpcCallOptions { Timeout = patience.Attempt }, cancellationToken);
                if (judge?.Invoke(answer) is not { } wrong)
                    return answer;
                failure = new GrpcException(wrong);
            }
            catch (GrpcException failed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                failure = failed;
            }

            // Whoever comes up in its place may be able to do something else.
            if (failure.Code is GrpcStatusCode.Unavailable)
                abilities = null;
            TimeSpan? pause = MayRepeat(failure.Code) ? patience.Next(attempt, time.GetElapsedTime(begun), IsReached(failure)) : null;
            if (pause is null)
                throw Refusal(method.Name, failure, secrets);
            await Task.Delay(pause.Value, time, cancellationToken);
        }
    }

    /// <summary>The error of an answer that cannot be.</summary>
    public CsiRefusalException Lie(string method, string what) => new(driver, method, new GrpcException(GrpcStatusCode.Internal, what));

    /// <summary>Closes the connection; calls that are not over fail.</summary>
    public void Dispose() => channel.Dispose();

    CsiRefusalException Refusal(string method, GrpcException failure, CsiSecrets secrets) =>
        new(driver, method, new GrpcException(failure.Code, secrets.Mask(failure.Message), failure.InnerException));

    static bool MayRepeat(GrpcStatusCode code) =>
        code is GrpcStatusCode.Unavailable or GrpcStatusCode.Aborted or GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Cancelled;

    static bool IsReached(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException)
                return false;
        }

        return true;
    }
}
