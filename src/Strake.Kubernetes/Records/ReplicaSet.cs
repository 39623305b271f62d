using System.Globalization;
using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A ReplicaSet, as far as decisions read it.</summary>
public sealed record ReplicaSet
{
    /// <summary>The label, on a set and on its pods, that says of which state of a deployment's template they are.</summary>
    public const string TemplateLabel = "pod-template-hash";

    /// <summary>The note of the number of a set among its deployment's, and of the deployment's newest.</summary>
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>How many pods it shall have.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>How many pods it has, as it last told.</summary>
    public int Present { get; init; }

    /// <summary>How many of them are ready.</summary>
    public int Ready { get; init; }

    /// <summary>How many of them have been ready for long enough.</summary>
    public int Available { get; init; }

    /// <summary>The state of the deployment's template that it is of; empty when it is nobody's.</summary>
    public string Template => Metadata.Labels.Find(TemplateLabel) ?? "";

    /// <summary>Its number among its deployment's sets; 0 when it has none.</summary>
    public long Revision => long.TryParse(Metadata.Annotations.Find(RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>Pods that will still serve when it has as many as it shall: of too many the useless go first.</summary>
    public int Serving => Math.Min(Replicas, Available);

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static ReplicaSet Read(JsonElement document)
    {
        JsonElement status = document.At("status");
        return new ReplicaSet
        {
            Metadata = Metadata.Read(document),
            Replicas = document.At("spec").Number("replicas", 1),
            Present = status.Number("replicas"),
            Ready = status.Number("readyReplicas"),
            Available = status.Number("availableReplicas"),
        };
    }
}
