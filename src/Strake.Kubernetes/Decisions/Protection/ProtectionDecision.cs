using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Protection;

/// <summary>What is to be done so that nothing goes that is used: exactly one of these.</summary>
public abstract record ProtectionDecision
{
    private ProtectionDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : ProtectionDecision;

    /// <summary>It is to be protected.</summary>
    /// <param name="Finalizers">Its finalizers then.</param>
    public sealed record Protect(ValueList<string> Finalizers) : ProtectionDecision;

    /// <summary>It is on its way out, and nothing holds it any more.</summary>
    /// <param name="Finalizers">Its finalizers then.</param>
    public sealed record LetGo(ValueList<string> Finalizers) : ProtectionDecision;

    /// <summary>It is on its way out, and is used.</summary>
    /// <param name="Reason">By whom; Kubernetes is silent here, and users wonder why it is Terminating for so long.</param>
    public sealed record Hold(string Reason) : ProtectionDecision;
}
