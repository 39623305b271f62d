using System.Collections.Concurrent;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>What the agent remembers of a pod between two looks. Nothing of it must outlive the daemon: what it says is found out again.</summary>
/// <param name="uid">The pod.</param>
sealed class PodWork(string uid) : IDisposable
{
    /// <summary>The pod.</summary>
    public string Uid { get; } = uid;

    /// <summary>The pod as it was last seen with its object; null: never.</summary>
    public Pod? LastSeen { get; set; }

    /// <summary>Its address when it was last looked at; empty for none.</summary>
    public string Address { get; set; } = "";

    /// <summary>Where its volumes are; null: they have not been made ready by this daemon.</summary>
    public IReadOnlyDictionary<string, PodMount>? Mounts { get; set; }

    /// <summary>Why containers cannot be started now.</summary>
    public ConcurrentDictionary<string, ContainerWait> Waits { get; } = new(StringComparer.Ordinal);

    /// <summary>How often in a row fetching an image failed.</summary>
    public ConcurrentDictionary<string, int> PullFailures { get; } = new(StringComparer.Ordinal);

    /// <summary>Containers whose image was just fetched for their next start, and need not be asked for again.</summary>
    public ConcurrentDictionary<string, bool> Fetched { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs that are being ended, with the time at which they are killed.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Ending { get; } = new(StringComparer.Ordinal);

    /// <summary>What probes have found.</summary>
    public ConcurrentDictionary<string, ProbeState> Probes { get; } = new(StringComparer.Ordinal);

    /// <summary>The probes at work, by run.</summary>
    public ConcurrentDictionary<string, CancellationTokenSource> Probing { get; } = new(StringComparer.Ordinal);

    /// <summary>Why the pod must end though nobody deleted it.</summary>
    public (string Reason, string Message)? Eviction { get; set; }

    /// <summary>How often in a row a step that concerns the whole pod failed.</summary>
    public int Failures { get; set; }

    /// <summary>When a step that failed is tried again.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Rings when it is time to look again.</summary>
    public ITimer? Alarm { get; set; }

    /// <summary>Ends the probes and the alarm.</summary>
    public void Dispose()
    {
        Alarm?.Dispose();
        foreach (CancellationTokenSource probing in Probing.Values) probing.Cancel();
    }
}
