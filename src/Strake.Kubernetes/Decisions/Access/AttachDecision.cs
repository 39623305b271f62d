namespace Strake.Kubernetes.Decisions.Access;

/// <summary>What is to be done so that a node has a volume, or has it no more: exactly one of these.</summary>
public abstract record AttachDecision
{
    private AttachDecision()
    {
    }

    /// <summary>The node has it, or need not, as it should be.</summary>
    public sealed record Ready : AttachDecision;

    /// <summary>The attachment is to be made; its driver does the rest.</summary>
    /// <param name="Name">Its name, the same for every attempt.</param>
    /// <param name="Finalizer">What holds it until it is detached.</param>
    public sealed record Attach(string Name, string Finalizer) : AttachDecision;

    /// <summary>The attachment is to be deleted; its finalizer goes when the driver has detached.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Detach(string Name) : AttachDecision;

    /// <summary>The driver has it in hand.</summary>
    /// <param name="Event">What the pod's users are told; null for nothing.</param>
    public sealed record Wait(EventText? Event) : AttachDecision;
}
