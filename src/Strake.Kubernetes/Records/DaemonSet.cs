using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A DaemonSet, as far as decisions read it.</summary>
public sealed record DaemonSet
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>Whether pods of an older template are replaced; else they stay until somebody deletes them.</summary>
    public bool RollsOut { get; init; } = true;

    /// <summary>A pod as its template makes it.</summary>
    public required PodUse Template { get; init; }

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static DaemonSet Read(JsonElement document)
    {
        JsonElement spec = document.At("spec");
        return new DaemonSet
        {
            Metadata = Metadata.Read(document),
            RollsOut = spec.At("updateStrategy").Text("type") is not "OnDelete",
            Template = PodUse.Read(spec.At("template")),
        };
    }
}
