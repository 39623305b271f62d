using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A StorageClass: a way to make volumes.</summary>
public sealed record StorageClass
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>Who makes its volumes.</summary>
    public string Provisioner { get; init; } = "";

    /// <summary>What the provisioner is told.</summary>
    public TextMap Parameters { get; init; } = TextMap.Empty;

    /// <summary>What becomes of its volumes.</summary>
    public ReclaimPolicy ReclaimPolicy { get; init; } = ReclaimPolicy.Delete;

    /// <summary>When its claims get their volumes.</summary>
    public BindingMode BindingMode { get; init; }

    /// <summary>Whether its volumes may grow.</summary>
    public bool AllowExpansion { get; init; }

    /// <summary>How its volumes are mounted.</summary>
    public ValueList<string> MountOptions { get; init; } = [];

    /// <summary>Where its volumes may be made; empty for anywhere. Each term has requirements that a node's labels must meet.</summary>
    public ValueList<NodeSelectorTerm> AllowedTopologies { get; init; } = [];

    /// <summary>Its name.</summary>
    public string Name => Metadata.Name;

    /// <summary>Whether claims that name none get it.</summary>
    public bool IsDefault =>
        Metadata.Annotations.Find(VolumeAnnotations.IsDefaultClass) is "true" || Metadata.Annotations.Find(VolumeAnnotations.BetaIsDefaultClass) is "true";

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static StorageClass Read(JsonElement document) => new()
    {
        Metadata = Metadata.Read(document),
        Provisioner = document.Text("provisioner"),
        Parameters = document.Map("parameters"),
        ReclaimPolicy = document.Word("reclaimPolicy", ReclaimPolicy.Delete),
        BindingMode = document.Word("volumeBindingMode", BindingMode.Immediate),
        AllowExpansion = document.Flag("allowVolumeExpansion"),
        MountOptions = document.Texts("mountOptions"),
        AllowedTopologies = document.List("allowedTopologies", NodeSelectorTerm.ReadTopology),
    };
}
