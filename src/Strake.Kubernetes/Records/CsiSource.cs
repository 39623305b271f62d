using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Records;

/// <summary>The storage of a volume that a CSI driver serves.</summary>
/// <param name="Driver">The driver's name.</param>
/// <param name="Handle">The volume's name at the driver.</param>
public sealed record CsiSource(string Driver, string Handle)
{
    /// <summary>Whether it can only be read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The file system; empty for the driver's choice.</summary>
    public string FsType { get; init; } = "";

    /// <summary>What the driver wants to be told of it.</summary>
    public TextMap Attributes { get; init; } = TextMap.Empty;

    /// <summary>The secret for attaching; null for none.</summary>
    public SecretReference? ControllerPublishSecret { get; init; }

    /// <summary>The secret for staging on a node; null for none.</summary>
    public SecretReference? NodeStageSecret { get; init; }

    /// <summary>The secret for mounting into a pod; null for none.</summary>
    public SecretReference? NodePublishSecret { get; init; }

    /// <summary>The secret for growing the volume; null for none.</summary>
    public SecretReference? ControllerExpandSecret { get; init; }

    /// <summary>The secret for growing the file system; null for none.</summary>
    public SecretReference? NodeExpandSecret { get; init; }

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">spec.csi of a volume.</param>
    public static CsiSource Read(JsonElement element) => new(element.Text("driver"), element.Text("volumeHandle"))
    {
        ReadOnly = element.Flag("readOnly"),
        FsType = element.Text("fsType"),
        Attributes = element.Map("volumeAttributes"),
        ControllerPublishSecret = SecretReference.Read(element.At("controllerPublishSecretRef")),
        NodeStageSecret = SecretReference.Read(element.At("nodeStageSecretRef")),
        NodePublishSecret = SecretReference.Read(element.At("nodePublishSecretRef")),
        ControllerExpandSecret = SecretReference.Read(element.At("controllerExpandSecretRef")),
        NodeExpandSecret = SecretReference.Read(element.At("nodeExpandSecretRef")),
    };

    /// <summary>The source as a document has it; what says nothing is left out.</summary>
    public JsonObject ToJson() => new JsonObject { ["driver"] = Driver, ["volumeHandle"] = Handle }
        .WithText("fsType", FsType)
        .WithFlag("readOnly", ReadOnly)
        .WithMap("volumeAttributes", Attributes)
        .WithSecret("controllerPublishSecretRef", ControllerPublishSecret)
        .WithSecret("nodeStageSecretRef", NodeStageSecret)
        .WithSecret("nodePublishSecretRef", NodePublishSecret)
        .WithSecret("controllerExpandSecretRef", ControllerExpandSecret)
        .WithSecret("nodeExpandSecretRef", NodeExpandSecret);
}
