namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What is to be done for a daemon set: exactly one of these. When it is done, it is decided anew.</summary>
public abstract record DaemonSetDecision
{
    private DaemonSetDecision()
    {
    }

    /// <summary>It is as it should be, or a pod of it goes still.</summary>
    public sealed record Nothing : DaemonSetDecision;

    /// <summary>A pod is to be made.</summary>
    public sealed record CreatePod : DaemonSetDecision;

    /// <summary>A pod is to go.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record DeletePod(string Name, EventText Event) : DaemonSetDecision;
}
