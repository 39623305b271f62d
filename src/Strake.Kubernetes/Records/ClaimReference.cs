using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>The claim that a volume is for.</summary>
/// <param name="Namespace">The claim's namespace.</param>
/// <param name="Name">The claim's name.</param>
/// <param name="Uid">The claim's identity; empty when the volume is only reserved, for whichever claim has the name.</param>
public sealed record ClaimReference(string Namespace, string Name, string Uid = "")
{
    /// <summary>Where the claim is found.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Whether a claim is the one, or, of a reservation, one of its name.</summary>
    /// <param name="claim">The claim.</param>
    public bool Names(Claim claim) => claim.Metadata.Key == Key && (Uid.Length == 0 || Uid == claim.Metadata.Uid);

    /// <summary>The reference to a claim.</summary>
    /// <param name="claim">The claim.</param>
    public static ClaimReference To(Claim claim) => new(claim.Metadata.Namespace, claim.Metadata.Name, claim.Metadata.Uid);

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">spec.claimRef of a volume.</param>
    public static ClaimReference Read(JsonElement element) => new(element.Text("namespace"), element.Text("name"), element.Text("uid"));
}
