using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Expansion;

/// <summary>What is to be done so that a claim has the size that it asks for: exactly one of these.</summary>
public abstract record ExpansionDecision
{
    private ExpansionDecision()
    {
    }

    /// <summary>It has the size, or has no volume to grow.</summary>
    public sealed record Nothing : ExpansionDecision;

    /// <summary>The claim's state is to be written.</summary>
    /// <param name="After">The claim then.</param>
    /// <param name="Event">What users are told; null for nothing.</param>
    public sealed record Mark(Claim After, EventText? Event) : ExpansionDecision;

    /// <summary>The driver is to grow the volume. Growing is idempotent; <see cref="ExpansionDecisions.VolumeGrown"/> says what follows.</summary>
    /// <param name="Size">How large it is to be at least.</param>
    public sealed record GrowVolume(Quantity Size) : ExpansionDecision;

    /// <summary>The node is to grow the file system. <see cref="ExpansionDecisions.FileSystemGrown"/> says what follows.</summary>
    /// <param name="Size">How large it is to be at least.</param>
    public sealed record GrowFileSystem(Quantity Size) : ExpansionDecision;

    /// <summary>Nobody can go on now.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Event">What users are told; null for nothing.</param>
    public sealed record Wait(string Reason, EventText? Event) : ExpansionDecision;
}
