using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What is to be done for a set: exactly one of these. When it is done, it is decided anew.</summary>
public abstract record StatefulSetDecision
{
    private StatefulSetDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : StatefulSetDecision;

    /// <summary>A claim of a pod is to be made, before the pod.</summary>
    /// <param name="Template">Of which template.</param>
    /// <param name="Name">The claim's name.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record CreateClaim(ClaimTemplate Template, string Name, EventText Event) : StatefulSetDecision;

    /// <summary>A pod is to be made.</summary>
    /// <param name="Ordinal">Its number.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record CreatePod(int Ordinal, string Name, EventText Event) : StatefulSetDecision;

    /// <summary>A pod is to go: there are too many, it has ended, or it is of an older template.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record DeletePod(string Name, EventText Event) : StatefulSetDecision;

    /// <summary>A claim is to go with the set, or no more.</summary>
    /// <param name="After">The claim then.</param>
    public sealed record OwnClaim(Claim After) : StatefulSetDecision;

    /// <summary>A claim whose pod is gone is to go.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record DeleteClaim(string Name) : StatefulSetDecision;

    /// <summary>Something has to happen first.</summary>
    /// <param name="Reason">What.</param>
    public sealed record Wait(string Reason) : StatefulSetDecision;
}
