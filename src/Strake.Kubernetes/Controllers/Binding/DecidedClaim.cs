using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>A decision on a claim, with what it was made on: only that may be overwritten.</summary>
/// <param name="Stored">The claim as the store had it.</param>
/// <param name="Claim">The same, read.</param>
/// <param name="Decision">What is to be done.</param>
/// <param name="Volume">The volume that it is to be bound to, as the store had it; null for other decisions.</param>
sealed record DecidedClaim(StoredObject Stored, Claim Claim, ClaimDecision Decision, StoredObject? Volume)
{
    /// <summary>What users are told of its waiting that they have not been told yet.</summary>
    public IReadOnlyList<EventText> News { get; init; } = [];

    /// <summary>The write of the claim as it shall be.</summary>
    public ObjectWrite Write(Claim after) => new(Stored.Id, Stored.Revision, ClaimDocument.With(Stored.Document, Claim, after));
}
