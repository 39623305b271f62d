using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>What is to be done for a pod next: exactly one of these. When it is done, it is decided anew.</summary>
public abstract record PodDecision
{
    private PodDecision()
    {
    }

    /// <summary>All is as it should be, or others are at it.</summary>
    /// <param name="Until">When to look again; null: when something changes.</param>
    public sealed record Rest(DateTimeOffset? Until = null) : PodDecision;

    /// <summary>Its volumes are to be made ready.</summary>
    public sealed record MountVolumes : PodDecision;

    /// <summary>It needs a sandbox. Others of it are left over, and go first.</summary>
    /// <param name="Attempt">The how manieth it will be; from 0.</param>
    public sealed record MakeSandbox(int Attempt) : PodDecision;

    /// <summary>Containers are to be started, in this order.</summary>
    /// <param name="Orders">Which; at least one.</param>
    public sealed record Start(ValueList<ContainerOrder> Orders) : PodDecision;

    /// <summary>Runs are to end.</summary>
    /// <param name="Runs">Which; at least one, all running.</param>
    /// <param name="Grace">How long they have.</param>
    /// <param name="Event">What users are told of each; null: nothing.</param>
    public sealed record End(ValueList<ContainerRun> Runs, TimeSpan Grace, Func<ContainerRun, EventText>? Event = null) : PodDecision;

    /// <summary>It has ended: the sandbox goes, the volumes are released. Its containers stay for their logs.</summary>
    public sealed record Settle : PodDecision;

    /// <summary>Nothing of it runs, and nothing of it shall stay: containers, sandboxes, volumes, and its object where there is one.</summary>
    public sealed record Dismantle : PodDecision;
}
