using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What is to be done for a replica set: exactly one of these. When it is done, it is decided anew.</summary>
public abstract record ReplicaSetDecision
{
    private ReplicaSetDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : ReplicaSetDecision;

    /// <summary>Pods are to be made.</summary>
    /// <param name="Count">How many.</param>
    public sealed record Create(int Count) : ReplicaSetDecision;

    /// <summary>Pods are to go.</summary>
    /// <param name="Names">Which.</param>
    public sealed record Delete(ValueList<string> Names) : ReplicaSetDecision;
}
