using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Tests;

/// <summary>Objects as tests begin with them: small, whole, and alike but for what a test says.</summary>
static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static Quantity Size(string text) => Quantity.Parse(text);

    public static Metadata Meta(string name, string @namespace = "default") => new() { Name = name, Namespace = @namespace, Uid = $"uid-{name}", CreatedAt = Noon };

    /// <summary>A claim of 1Gi RWO without a class, just made.</summary>
    public static Claim Claim(string name = "claim", string @namespace = "default") => new()
    {
        Metadata = Meta(name, @namespace),
        AccessModes = AccessModes.ReadWriteOnce,
        Request = Size("1Gi"),
        ClassName = "",
    };

    /// <summary>A volume of 1Gi RWO without a class, on offer.</summary>
    public static PersistentVolume Volume(string name = "volume", string size = "1Gi") => new()
    {
        Metadata = Meta(name, ""),
        Capacity = Size(size),
        AccessModes = AccessModes.ReadWriteOnce,
        Phase = VolumePhase.Available,
        Source = new VolumeSource("hostPath", Handle: "/srv"),
    };

    public static StorageClass Class(string name, string provisioner = "strake.csi") => new() { Metadata = Meta(name, ""), Provisioner = provisioner };

    public static StorageClass DefaultClass(string name, int minutes = 0) => Class(name) with
    {
        Metadata = Meta(name, "") with { CreatedAt = Noon.AddMinutes(minutes), Annotations = TextMap.Of((VolumeAnnotations.IsDefaultClass, "true")) },
    };

    /// <summary>A pod that uses a claim, and runs.</summary>
    public static PodUse Pod(string name, params string[] claims) => new()
    {
        Metadata = Meta(name),
        NodeName = "node",
        Phase = PodPhase.Running,
        Volumes = [.. claims.Select(claim => new PodVolume(claim, claim))],
    };

    public static NodeView Node(string name = "node") => new()
    {
        Metadata = Meta(name, "") with { Labels = TextMap.Of(("kubernetes.io/hostname", name)) },
        Allocatable = new ComputeAmounts(Size("2"), Size("4Gi")),
        MaxPods = 110,
    };

    public static NodeSelector OnNode(string name) =>
        new([new NodeSelectorTerm([new SelectorRequirement("kubernetes.io/hostname", SelectorOperator.In, [name])], [])]);

    public static T Deleted<T>(T item)
        where T : class => (T)(object)(item switch
        {
            Claim claim => claim with { Metadata = claim.Metadata with { DeletedAt = Noon } },
            PersistentVolume volume => volume with { Metadata = volume.Metadata with { DeletedAt = Noon } },
            PodUse pod => pod with { Metadata = pod.Metadata with { DeletedAt = Noon } },
            _ => throw new ArgumentException($"not known here: {item}", nameof(item)),
        });

    public static Claim Noted(this Claim claim, string annotation, string text = "yes") => claim with { Metadata = claim.Metadata.WithAnnotation(annotation, text) };

    public static PersistentVolume Noted(this PersistentVolume volume, string annotation, string text = "yes") =>
        volume with { Metadata = volume.Metadata.WithAnnotation(annotation, text) };

    /// <summary>The volume, bound to a claim as the controller binds.</summary>
    public static PersistentVolume BoundTo(this PersistentVolume volume, Claim claim) =>
        volume.Noted(VolumeAnnotations.BoundByController) with { ClaimReference = ClaimReference.To(claim), Phase = VolumePhase.Bound };

    /// <summary>The claim, bound to a volume as the controller binds.</summary>
    public static Claim BoundTo(this Claim claim, PersistentVolume volume) =>
        claim.Noted(VolumeAnnotations.BoundByController).Noted(VolumeAnnotations.BindCompleted) with
        {
            VolumeName = volume.Name,
            Phase = ClaimPhase.Bound,
            Capacity = volume.Capacity,
            GrantedModes = volume.AccessModes,
        };

    /// <summary>The claim while a volume is being made for it.</summary>
    public static Claim BeingProvisioned(this Claim claim) => claim with { Metadata = claim.Metadata.WithFinalizer(VolumeFinalizers.Provisioning) };

    public static Claim ProvisionedBy(this Claim claim, string name) =>
        claim.Noted(VolumeAnnotations.StorageProvisioner, name).Noted(VolumeAnnotations.BetaStorageProvisioner, name);
}
