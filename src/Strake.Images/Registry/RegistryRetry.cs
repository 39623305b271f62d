using System.Net;
using System.Net.Sockets;

namespace Strake.Images;

/// <summary>Which failures may pass, and how long to wait for that.</summary>
sealed class RegistryRetry(RegistryClientOptions options)
{
    int failures;

    /// <summary>Whether an answer says that the same request may be answered otherwise later.</summary>
    public static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented;

    /// <summary>Whether what went wrong is the network's fault: refused, broken, too slow.</summary>
    public static bool IsNetwork(Exception e) => e is HttpRequestException or IOException or SocketException or TimeoutException;

    /// <summary>Forgets failures: there was progress since.</summary>
    public void Reset() => failures = 0;

    /// <summary>Waits for the next try.</summary>
    /// <param name="asked">How long the registry asks to wait; null: it does not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False at once when there have been enough tries.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        if (++failures >= options.Attempts) return false;
        var growing = options.FirstDelay * Math.Pow(2, failures - 1);
        // Clients that failed together must not come back together.
        var delay = asked ?? growing * (0.5 + (options.Chance() / 2));
        await Task.Delay(delay < options.LongestDelay ? delay : options.LongestDelay, options.Time, cancellationToken);
        return true;
    }

    /// <summary>What <c>Retry-After</c> asks for: seconds, or a date.</summary>
    public TimeSpan? AskedBy(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var asked = header?.Delta ?? (header?.Date is { } date ? date - options.Time.GetUtcNow() : null);
        return asked is { } wait && wait > TimeSpan.Zero ? wait : null;
    }
}
