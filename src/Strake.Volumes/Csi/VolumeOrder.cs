using System.Globalization;
using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>What an orchestrator asks a new volume to be, understood and found possible in itself.</summary>
/// <param name="Name">What the orchestrator calls it.</param>
/// <param name="IsBlock">Whether it is to be a device.</param>
/// <param name="RequiredBytes">The least size; 0: whatever.</param>
/// <param name="LimitBytes">The most; 0: whatever.</param>
/// <param name="Parameters">The class's parameters, without what the provisioner adds of itself.</param>
/// <param name="Labels">What the provisioner adds: whose claim it is for.</param>
/// <param name="Keep">How long it stays in the trash when it is removed; null: not at all.</param>
/// <param name="Source">What it is to be a copy of; null: nothing.</param>
sealed record VolumeOrder(
    string Name, bool IsBlock, long RequiredBytes, long LimitBytes,
    IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Labels, string? Keep, VolumeContentSource? Source)
{
    /// <summary>The parameter that has removed volumes stay in the trash.</summary>
    public const string KeepParameter = "trash";

    /// <summary>The only file system that an image is given.</summary>
    public const string FileSystem = "ext4";

    // Of a device or image of which no size was said.
    const long DefaultBytes = 1L << 30;

    /// <summary>What parameters begin with that the sidecars of Kubernetes add by themselves; external-provisioner, "prefixedKeys".</summary>
    public const string ProvisionerPrefix = "csi.storage.k8s.io/";

    static readonly string[] s_parameters = ["backend", "parent", "inodes", "uid", "gid", "mode", KeepParameter];

    /// <summary>The volume's id.</summary>
    public VolumeName Id { get; } = ServedRecords.IdOf(Name, "csi");

    /// <summary>The size that it will have; bytes. 0: none but the disk's.</summary>
    public long CapacityBytes { get; } = CapacityOf(IsBlock, RequiredBytes, LimitBytes, Parameters);

    /// <summary>Whether something holds it within its size; a plain directory is only said to have one.</summary>
    public bool KeepsSize { get; } = Parameters.GetValueOrDefault("backend") is not DirectoryBackend.BackendName;

    /// <summary>What it is a copy of, as the record says it.</summary>
    public string? SourceText => Source?.TypeCase switch
    {
        VolumeContentSource.TypeOneofCase.Snapshot => $"snapshot:{Source.Snapshot.SnapshotId}",
        VolumeContentSource.TypeOneofCase.Volume => $"volume:{Source.Volume.VolumeId}",
        _ => null,
    };

    /// <summary>The options of the driver local.</summary>
    public IReadOnlyDictionary<string, string> Options
    {
        get
        {
            var options = Parameters.Where(static parameter => parameter.Key != KeepParameter).ToDictionary(StringComparer.Ordinal);
            if (IsBlock)
                options["backend"] = BlockBackend.BackendName;
            if (CapacityBytes > 0 && KeepsSize)
                options["size"] = CapacityBytes.ToString(CultureInfo.InvariantCulture);
            return options;
        }
    }

    /// <summary>Reads a request. Pure.</summary>
    /// <exception cref="GrpcException">InvalidArgument, OutOfRange: names the field.</exception>
    public static VolumeOrder Parse(CreateVolumeRequest request)
    {
        string name = CsiFields.Required("name", request.Name);
        bool isBlock = IsBlockIn("volume_capabilities", request.VolumeCapabilities);
        (long required, long limit) = CsiFields.Range(request.CapacityRange);
        CsiFields.Map("secrets", request.Secrets);
        IReadOnlyDictionary<string, string> all = CsiFields.Map("parameters", request.Parameters);
        Dictionary<string, string> own = all.Where(static parameter => !parameter.Key.StartsWith(ProvisionerPrefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        if (own.Keys.FirstOrDefault(static key => !s_parameters.Contains(key)) is { } unknown)
            throw Invalid($"parameters: '{unknown}' is none of {string.Join(", ", s_parameters)}");
        if (isBlock && own.GetValueOrDefault("backend") is { } backend && backend is not (LocalOptions.Automatic or BlockBackend.BackendName))
            throw Invalid($"parameters: backend '{backend}' keeps file systems; a block volume is kept by '{BlockBackend.BackendName}'");
        if (!isBlock && own.GetValueOrDefault("backend") == BlockBackend.BackendName)
            throw Invalid($"parameters: backend '{BlockBackend.BackendName}' keeps devices; for a file system choose another, or none");
        string? keep = KeepOf(CsiFields.Map("mutable_parameters", request.MutableParameters)) ?? own.GetValueOrDefault(KeepParameter);
        if (keep is not null)
            KeepTime.Parse(keep);
        Dictionary<string, string> labels = all.Where(static parameter => parameter.Key.StartsWith(ProvisionerPrefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        return new VolumeOrder(name, isBlock, required, limit, own, labels, keep, SourceIn(request.VolumeContentSource));
    }

    /// <summary>What mutable parameters say of the trash; null: nothing. Pure.</summary>
    /// <exception cref="GrpcException">InvalidArgument: there is another parameter.</exception>
    public static string? KeepOf(IReadOnlyDictionary<string, string> parameters)
    {
        if (parameters.Keys.FirstOrDefault(static key => key != KeepParameter) is { } unknown)
            throw Invalid($"mutable_parameters: '{unknown}' cannot be changed; '{KeepParameter}' can");
        return parameters.GetValueOrDefault(KeepParameter);
    }

    /// <summary>Whether capabilities ask for a device. Pure.</summary>
    /// <exception cref="GrpcException">InvalidArgument: there are none, they ask for both, or for a file system that there is not.</exception>
    public static bool IsBlockIn(string field, IReadOnlyCollection<VolumeCapability> capabilities)
    {
        if (capabilities.Count == 0)
            throw Invalid($"{field} is missing");
        foreach (VolumeCapability capability in capabilities)
        {
            CsiFields.Capability(field, capability);
            if (WhyNot(capability) is { } why)
                throw Invalid($"{field}: {why}");
        }

        bool isBlock = capabilities.First().Block is not null;
        return capabilities.All(capability => capability.Block is not null == isBlock)
            ? isBlock
            : throw Invalid($"{field} ask for a device and for a file system; a volume is one of them");
    }

    /// <summary>Why no volume can be used so; null: some can. Pure.</summary>
    public static string? WhyNot(VolumeCapability capability) =>
        capability.Mount is not { } mount ? null
        : mount.FsType is not ("" or FileSystem) ? $"fs_type '{mount.FsType}' is not offered; leave it out, or say {FileSystem}"
        : PublishFlags.WhyNot(mount.MountFlags);

    static VolumeContentSource? SourceIn(VolumeContentSource? source)
    {
        switch (source?.TypeCase)
        {
            case null:
                return null;
            case VolumeContentSource.TypeOneofCase.Snapshot:
                CsiFields.Required("volume_content_source.snapshot.snapshot_id", source.Snapshot.SnapshotId);
                return source;
            case VolumeContentSource.TypeOneofCase.Volume:
                CsiFields.Required("volume_content_source.volume.volume_id", source.Volume.VolumeId);
                return source;
            default:
                throw Invalid("volume_content_source names no source");
        }
    }

    static long CapacityOf(bool isBlock, long required, long limit, IReadOnlyDictionary<string, string> parameters)
    {
        bool needsSize = isBlock || parameters.GetValueOrDefault("backend") is "image";
        if (required == 0 && limit == 0 && !needsSize)
            return 0;
        long wanted = required > 0 ? required : limit > 0 ? Math.Min(limit, DefaultBytes) : DefaultBytes;
        long unit = isBlock ? BlockBackend.UnitBytes : 1;
        long size = Math.Max((wanted + unit - 1) / unit * unit, ImageGeometry.LeastBytes);
        return limit == 0 || size <= limit ? size : throw new GrpcException(
            GrpcStatusCode.OutOfRange, $"capacity_range: no volume has less than {size} bytes, and the limit is {limit}");
    }

    static GrpcException Invalid(string message) => new(GrpcStatusCode.InvalidArgument, message);
}
