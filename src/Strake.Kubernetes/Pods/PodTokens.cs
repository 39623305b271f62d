using System.Collections.Concurrent;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>The tokens that pods have as files: the same one until most of its time is over, as a kubelet does. Nothing of it outlives the daemon; the next one makes new ones.</summary>
/// <param name="issuer">Makes them.</param>
/// <param name="time">The clock of their lives.</param>
sealed class PodTokens(ITokenIssuer issuer, TimeProvider time)
{
    const long LeastSeconds = 600;

    // Renewed when a fifth of the time is left.
    const double Used = 0.8;

    readonly ConcurrentDictionary<string, ConcurrentDictionary<(string Audience, long Seconds), (string Token, DateTimeOffset RenewAt)>> pods = new(StringComparer.Ordinal);

    /// <summary>A pod's token.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="audience">For whom it is; empty: this server.</param>
    /// <param name="seconds">How long it is good; at least ten minutes.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async Task<string> OfAsync(Pod pod, string audience, long seconds, CancellationToken cancellationToken)
    {
        var own = pods.GetOrAdd(pod.Uid, static _ => new());
        DateTimeOffset now = time.GetUtcNow();
        if (own.TryGetValue((audience, seconds), out var known) && known.RenewAt > now) return known.Token;
        var life = TimeSpan.FromSeconds(Math.Max(LeastSeconds, seconds));
        string token = await issuer.IssueAsync(pod, audience, now + life, cancellationToken);
        own[(audience, seconds)] = (token, now + (life * Used));
        return token;
    }

    /// <summary>Whether a token of a pod is to be renewed.</summary>
    public bool AreDue(string podUid) => pods.TryGetValue(podUid, out var own) && own.Values.Any(one => one.RenewAt <= time.GetUtcNow());

    /// <summary>Forgets those of a pod.</summary>
    public void Forget(string podUid) => pods.TryRemove(podUid, out _);
}
