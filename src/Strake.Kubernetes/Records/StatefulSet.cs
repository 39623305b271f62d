using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A StatefulSet, as far as decisions read it.</summary>
public sealed record StatefulSet
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>How many pods it shall have.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The number of its first pod.</summary>
    public int FirstOrdinal { get; init; }

    /// <summary>Whether its pods come and go at once, not one after the other.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether pods of an older template are replaced; else they stay until somebody deletes them.</summary>
    public bool RollsOut { get; init; } = true;

    /// <summary>The first number whose pod is replaced.</summary>
    public int Partition { get; init; }

    /// <summary>The claims that each pod gets.</summary>
    public ValueList<ClaimTemplate> ClaimTemplates { get; init; } = [];

    /// <summary>Whether its claims go with it.</summary>
    public bool DeletesClaimsWithSet { get; init; }

    /// <summary>Whether a pod's claims go when there are fewer pods.</summary>
    public bool DeletesClaimsWhenScaled { get; init; }

    /// <summary>The pod's name of a number.</summary>
    /// <param name="ordinal">The number.</param>
    public string PodName(int ordinal) => $"{Metadata.Name}-{ordinal}";

    /// <summary>Whether a number is that of a pod that it shall have.</summary>
    /// <param name="ordinal">The number.</param>
    public bool Wants(int ordinal) => ordinal >= FirstOrdinal && ordinal - FirstOrdinal < Replicas;

    /// <summary>The number of a pod or claim, from the end of its name; null when it has none.</summary>
    /// <param name="name">A name.</param>
    public int? OrdinalOf(string name)
    {
        int dash = name.LastIndexOf('-');
        return dash >= 0 && (name[..dash] == Metadata.Name || name[..dash].EndsWith($"-{Metadata.Name}", StringComparison.Ordinal))
            && int.TryParse(name.AsSpan(dash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int ordinal) ? ordinal : null;
    }

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static StatefulSet Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), retention = spec.At("persistentVolumeClaimRetentionPolicy");
        return new StatefulSet
        {
            Metadata = Metadata.Read(document),
            Replicas = spec.Number("replicas", 1),
            FirstOrdinal = spec.At("ordinals").Number("start"),
            IsParallel = spec.Text("podManagementPolicy") is "Parallel",
            RollsOut = spec.At("updateStrategy").Text("type") is not "OnDelete",
            Partition = spec.At("updateStrategy", "rollingUpdate").Number("partition"),
            ClaimTemplates = spec.List("volumeClaimTemplates", ClaimTemplate.Read),
            DeletesClaimsWithSet = retention.Text("whenDeleted") is "Delete",
            DeletesClaimsWhenScaled = retention.Text("whenScaled") is "Delete",
        };
    }
}
