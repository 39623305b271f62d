using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>A PersistentVolumeClaim, as far as decisions read it.</summary>
public sealed record Claim
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>The modes that its volume must have, perhaps among others.</summary>
    public AccessModes AccessModes { get; init; }

    /// <summary>What its users get.</summary>
    public VolumeMode VolumeMode { get; init; }

    /// <summary>The least size.</summary>
    public Quantity Request { get; init; }

    /// <summary>The class: null when none is named, so that the default may be given; empty when none is wanted.</summary>
    public string? ClassName { get; init; }

    /// <summary>The class of the volume's changeable properties; empty for none.</summary>
    public string AttributesClass { get; init; } = "";

    /// <summary>The volume that it has, or wants; empty for any.</summary>
    public string VolumeName { get; init; } = "";

    /// <summary>What labels its volume must have; null for any.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary>What its volume shall hold from its beginning; null for nothing.</summary>
    public ClaimDataSource? Source { get; init; }

    /// <summary>How far it is.</summary>
    public ClaimPhase Phase { get; init; }

    /// <summary>The size that its users have; null when it has no volume.</summary>
    public Quantity? Capacity { get; init; }

    /// <summary>The modes of its volume.</summary>
    public AccessModes GrantedModes { get; init; }

    /// <summary>The size that a growth under way is to reach; null when none is.</summary>
    public Quantity? AllocatedSize { get; init; }

    /// <summary>How far that growth is, in Kubernetes' words; empty when none is.</summary>
    public string ResizeStatus { get; init; } = "";

    /// <summary>The attributes class that its volume has.</summary>
    public string CurrentAttributesClass { get; init; } = "";

    /// <summary>What is so for now.</summary>
    public ValueList<ClaimCondition> Conditions { get; init; } = [];

    /// <summary>Where it is found.</summary>
    public ObjectKey Key => Metadata.Key;

    /// <summary>The class's name, empty when it has none: volumes without a class are for such claims.</summary>
    public string EffectiveClass => ClassName ?? "";

    /// <summary>Whether its binding was finished once.</summary>
    public bool IsBindCompleted => Metadata.Has(VolumeAnnotations.BindCompleted);

    /// <summary>Whether the making of a volume for it was begun, and perhaps done.</summary>
    public bool IsBeingProvisioned => Metadata.Finalizers.Contains(VolumeFinalizers.Provisioning);

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static Claim Read(JsonElement document)
    {
        Metadata metadata = Metadata.Read(document);
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new Claim
        {
            Metadata = metadata,
            AccessModes = AccessModeWords.Read(spec),
            VolumeMode = spec.Word("volumeMode", VolumeMode.Filesystem),
            Request = spec.At("resources", "requests").Quantity("storage") ?? Quantity.Zero,
            ClassName = metadata.Annotations.Find(VolumeAnnotations.BetaStorageClass) ?? spec.TextOrNull("storageClassName"),
            AttributesClass = spec.Text("volumeAttributesClassName"),
            VolumeName = spec.Text("volumeName"),
            Selector = LabelSelector.Read(spec.At("selector")),
            Source = ClaimDataSource.Read(spec),
            Phase = status.Word("phase", ClaimPhase.Pending),
            Capacity = status.At("capacity").Quantity("storage"),
            GrantedModes = AccessModeWords.Read(status),
            AllocatedSize = status.At("allocatedResources").Quantity("storage"),
            ResizeStatus = status.At("allocatedResourceStatuses").Text("storage"),
            CurrentAttributesClass = status.Text("currentVolumeAttributesClassName"),
            Conditions = status.List("conditions", ClaimCondition.Read),
        };
    }
}
