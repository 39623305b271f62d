using System.Text.Json;
using Strake.Kubernetes.Decisions.Provisioning.InTree;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>A PersistentVolume, as far as decisions read it.</summary>
public sealed record PersistentVolume
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>Its size.</summary>
    public Quantity Capacity { get; init; }

    /// <summary>The modes that it can be used in.</summary>
    public AccessModes AccessModes { get; init; }

    /// <summary>What its users get.</summary>
    public VolumeMode VolumeMode { get; init; }

    /// <summary>Its class; empty when it has none.</summary>
    public string ClassName { get; init; } = "";

    /// <summary>The class of its changeable properties; empty for none.</summary>
    public string AttributesClass { get; init; } = "";

    /// <summary>The claim that it is for; null for any.</summary>
    public ClaimReference? ClaimReference { get; init; }

    /// <summary>What becomes of it when its claim is gone.</summary>
    public ReclaimPolicy ReclaimPolicy { get; init; }

    /// <summary>The nodes that can use it; null for all.</summary>
    public NodeSelector? NodeAffinity { get; init; }

    /// <summary>Where its storage is.</summary>
    public VolumeSource Source { get; init; } = VolumeSource.None;

    /// <summary>Its storage as a CSI driver knows it, that of an in-tree source translated; null when it is neither, or does not say enough.</summary>
    public CsiSource? Csi { get; init; }

    /// <summary>How it is mounted.</summary>
    public ValueList<string> MountOptions { get; init; } = [];

    /// <summary>How far it is.</summary>
    public VolumePhase Phase { get; init; }

    /// <summary>Why it is there, for users.</summary>
    public string Message { get; init; } = "";

    /// <summary>Its name, which no other volume has.</summary>
    public string Name => Metadata.Name;

    /// <summary>Who made it for a claim; null when nobody did.</summary>
    public string? Provisioner => Metadata.Annotations.Find(VolumeAnnotations.ProvisionedBy);

    /// <summary>Whether its claim was chosen by the controller, not by a user.</summary>
    public bool IsBoundByController => Metadata.Has(VolumeAnnotations.BoundByController);

    /// <summary>Whether it is no object: pods name its storage themselves.</summary>
    public bool IsInline => Metadata.Uid.Length == 0;

    /// <summary>Whether a claim is the one that it is for.</summary>
    /// <param name="claim">The claim.</param>
    public bool IsFor(Claim claim) => ClaimReference?.Names(claim) ?? false;

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static PersistentVolume Read(JsonElement document)
    {
        Metadata metadata = Metadata.Read(document);
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new PersistentVolume
        {
            Metadata = metadata,
            Capacity = spec.At("capacity").Quantity("storage") ?? Quantity.Zero,
            AccessModes = AccessModeWords.Read(spec),
            VolumeMode = spec.Word("volumeMode", VolumeMode.Filesystem),
            ClassName = metadata.Annotations.Find(VolumeAnnotations.BetaStorageClass) ?? spec.Text("storageClassName"),
            AttributesClass = spec.Text("volumeAttributesClassName"),
            ClaimReference = spec.Has("claimRef") ? ClaimReference.Read(spec.At("claimRef")) : null,
            ReclaimPolicy = spec.Has("persistentVolumeReclaimPolicy") ? spec.Word("persistentVolumeReclaimPolicy", ReclaimPolicy.Unknown) : ReclaimPolicy.Retain,
            NodeAffinity = NodeSelector.Read(spec.At("nodeAffinity", "required")),
            Source = VolumeSource.Read(spec),
            Csi = CsiOf(document),
            MountOptions = spec.Texts("mountOptions"),
            Phase = status.Word("phase", VolumePhase.Pending),
            Message = status.Text("message"),
        };
    }

    static CsiSource? CsiOf(JsonElement document)
    {
        try
        {
            return InTreeTranslation.CsiSourceOf(document);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
        {
            // A source that does not name what it must: whoever needs it says so.
            return null;
        }
    }
}
