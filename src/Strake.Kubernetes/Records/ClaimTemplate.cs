using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A claim that each pod of a set gets for itself.</summary>
/// <param name="Name">Its name in the pods; the claims' names begin with it.</param>
public sealed record ClaimTemplate(string Name)
{
    /// <summary>The claim's name for one pod.</summary>
    /// <param name="pod">The pod's name.</param>
    public string ClaimOf(string pod) => $"{Name}-{pod}";

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of spec.volumeClaimTemplates.</param>
    public static ClaimTemplate Read(JsonElement element) => new(element.At("metadata").Text("name"));
}
