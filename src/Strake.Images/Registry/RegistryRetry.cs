using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Strake.Images;

/// <summary>Which failures may pass, and how long to wait for that. For one operation; not thread-safe.</summary>
/// <param name="options">Times and bounds.</param>
/// <param name="attempts">How often something is tried, in a row without progress.</param>
sealed class RegistryRetry(RegistryClientOptions options, int attempts)
{
    // Who sends a byte at a time makes progress, and would do so for ever.
    const int MostFailures = 1_000;

    int failures;
    int inRow;

    /// <summary>Whether an answer says that the same request may be answered otherwise later.</summary>
    public static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented);

    /// <summary>Whether what went wrong is the network's fault: refused, broken, too slow.</summary>
    public static bool IsNetwork(Exception e) => e is HttpRequestException or IOException or SocketException or TimeoutException;

    /// <summary>Whether the network's fault may pass. A name that does not exist and a certificate that is not believed stay so.</summary>
    static bool MayPass(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }) return false;
        }

        return true;
    }

    /// <summary>Tries until something comes of it.</summary>
    /// <param name="attempt">One try; harmless when repeated.</param>
    /// <param name="failureOf">What the network's failure is to a user.</param>
    /// <param name="cancellationToken">Ends the waits.</param>
    /// <exception cref="StrakeException">All tries failed, or one in a way that does not pass.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, Func<Exception, StrakeException> failureOf, CancellationToken cancellationToken)
    {
        while (true)
        {
            Exception failed;
            try
            {
                return await attempt();
            }
            catch (Exception e) when (IsNetwork(e))
            {
                failed = e;
            }

            await RecoverAsync(failed, failureOf, cancellationToken);
        }
    }

    /// <summary>Waits for the next try.</summary>
    /// <param name="failed">Why there has to be one.</param>
    /// <param name="failureOf">What that is to a user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StrakeException">There is no other try.</exception>
    public async Task RecoverAsync(Exception failed, Func<Exception, StrakeException> failureOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var busy = failed as RegistryBusyException;
        if (!MayPass(failed) || ++inRow >= attempts || ++failures >= MostFailures) throw busy?.Failure ?? failureOf(failed);
        var growing = options.FirstDelay * Math.Pow(2, Math.Clamp(inRow - 1, 0, 16));
        // Clients that failed together must not come back together.
        var delay = busy?.Asked ?? growing * (0.5 + (options.Chance() / 2));
        await Task.Delay(delay < options.LongestDelay ? delay : options.LongestDelay, options.Time, cancellationToken);
    }

    /// <summary>There was progress since the last failure.</summary>
    public void Progress() => inRow = 0;

    /// <summary>What <c>Retry-After</c> asks for: seconds, or a date. Null when it does not, or for the past.</summary>
    public static TimeSpan? AskedBy(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var asked = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return asked is { } wait && wait > TimeSpan.Zero ? wait : null;
    }
}
