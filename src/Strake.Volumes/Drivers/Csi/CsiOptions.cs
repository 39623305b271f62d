using Strake.Csi;
using AccessMode = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;

namespace Strake.Volumes;

/// <summary>What a CSI volume was asked to be: the options that are the engine's, and those that are its driver's.</summary>
/// <remarks>
/// An option whose name the engine takes for its own reaches the driver as <c>parameter.NAME</c>; <c>mutable.NAME</c> is a parameter that may
/// change later, <c>context.NAME</c> belongs to a volume that was made elsewhere (<c>volume-id</c>).
/// </remarks>
sealed record CsiOptions
{
    /// <summary>The option that names a volume which the driver has already, and keeps when it is removed here.</summary>
    public const string ExistingId = "volume-id";

    const string ParameterPrefix = "parameter.";
    const string MutablePrefix = "mutable.";
    const string ContextPrefix = "context.";

    static readonly Dictionary<string, CsiAccess> s_access = new(StringComparer.OrdinalIgnoreCase)
    {
        ["RWO"] = CsiAccess.ReadWriteOnce, [nameof(CsiAccess.ReadWriteOnce)] = CsiAccess.ReadWriteOnce,
        ["ROX"] = CsiAccess.ReadOnlyMany, [nameof(CsiAccess.ReadOnlyMany)] = CsiAccess.ReadOnlyMany,
        ["RWX"] = CsiAccess.ReadWriteMany, [nameof(CsiAccess.ReadWriteMany)] = CsiAccess.ReadWriteMany,
        ["RWOP"] = CsiAccess.ReadWriteOncePod, [nameof(CsiAccess.ReadWriteOncePod)] = CsiAccess.ReadWriteOncePod,
    };

    /// <summary>The least size, bytes; 0: whatever the driver gives.</summary>
    public long SizeBytes { get; private init; }

    /// <summary>The most, bytes; 0: whatever.</summary>
    public long LimitBytes { get; private init; }

    /// <summary>The file system; empty: the driver's choice.</summary>
    public string FsType { get; private init; } = "";

    /// <summary>Whether it is a device and not a directory.</summary>
    public bool IsBlock { get; private init; }

    /// <summary>Who may use it at once.</summary>
    public CsiAccess Access { get; private init; }

    /// <summary>Options of its mount.</summary>
    public IReadOnlyList<string> MountFlags { get; private init; } = [];

    /// <summary>The group that its files are to belong to; empty: nobody asked.</summary>
    public string MountGroup { get; private init; } = "";

    /// <summary>The file that has what the driver must know and nobody else; null: nothing.</summary>
    public string? SecretsFile { get; private init; }

    /// <summary>The id of a volume that the driver has already; null: a new one is made.</summary>
    public string? Id { get; private init; }

    /// <summary>The driver's own options.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; private init; } = new Dictionary<string, string>();

    /// <summary>Those of them that may change later.</summary>
    public IReadOnlyDictionary<string, string> Mutable { get; private init; } = new Dictionary<string, string>();

    /// <summary>What belongs to a volume of <see cref="Id"/>.</summary>
    public IReadOnlyDictionary<string, string> Context { get; private init; } = new Dictionary<string, string>();

    /// <summary>Whether nobody writes to it.</summary>
    public bool IsReadOnly => Access is CsiAccess.ReadOnlyMany;

    /// <summary>Reads options. Pure.</summary>
    /// <param name="options">What the user wrote.</param>
    /// <exception cref="StrakeException">Invalid: names the option.</exception>
    public static CsiOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        Dictionary<string, string> parameters = [], mutable = [], context = [];
        var parsed = new CsiOptions { Parameters = parameters, Mutable = mutable, Context = context };
        foreach ((string name, string value) in options)
        {
            parsed = name switch
            {
                "size" => parsed with { SizeBytes = VolumeSize.Parse(value) },
                "limit" => parsed with { LimitBytes = VolumeSize.Parse(value) },
                "fstype" => parsed with { FsType = value },
                "mode" => parsed with { IsBlock = IsBlockMode(value) },
                "access" => parsed with { Access = AccessOf(value) },
                "mount-flags" => parsed with { MountFlags = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "mount-group" => parsed with { MountGroup = value },
                "secrets" => parsed with { SecretsFile = value.StartsWith('/') ? value : throw StrakeException.Invalid($"invalid secrets: '{value}' is not the absolute path of a file") },
                ExistingId => parsed with { Id = value.Length > 0 ? value : throw StrakeException.Invalid($"invalid {ExistingId}: it is empty") },
                _ => parsed,
            };
            if (name.StartsWith(ParameterPrefix, StringComparison.Ordinal))
                parameters[name[ParameterPrefix.Length..]] = value;
            else if (name.StartsWith(MutablePrefix, StringComparison.Ordinal))
                mutable[name[MutablePrefix.Length..]] = value;
            else if (name.StartsWith(ContextPrefix, StringComparison.Ordinal))
                context[name[ContextPrefix.Length..]] = value;
            else if (!IsOwn(name))
                parameters[name] = value;
        }

        return parsed.Consistent();
    }

    /// <summary>The options with one of the engine's changed. Pure.</summary>
    public static IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> options, string name, string value) =>
        new Dictionary<string, string>(options) { [name] = value };

    /// <summary>The option that carries a parameter that may change. Pure.</summary>
    public static string MutableOption(string name) => MutablePrefix + name;

    /// <summary>What the volume must be able to do, in the interface's words. Pure.</summary>
    /// <param name="singleNodeModes">Whether the driver tells one user on a node from several.</param>
    public VolumeCapability Capability(bool singleNodeModes)
    {
        AccessMode mode = Access switch
        {
            CsiAccess.ReadWriteOnce => singleNodeModes ? AccessMode.SingleNodeMultiWriter : AccessMode.SingleNodeWriter,
            CsiAccess.ReadOnlyMany => AccessMode.MultiNodeReaderOnly,
            CsiAccess.ReadWriteMany => AccessMode.MultiNodeMultiWriter,
            CsiAccess.ReadWriteOncePod => singleNodeModes ? AccessMode.SingleNodeSingleWriter : AccessMode.SingleNodeWriter,
            _ => throw new InvalidOperationException($"No access is {Access}."),
        };
        var capability = new VolumeCapability { AccessMode = new() { Mode = mode } };
        if (IsBlock)
            capability.Block = new();
        else
            capability.Mount = new() { FsType = FsType, MountFlags = { MountFlags }, VolumeMountGroup = MountGroup };
        return capability;
    }

    CsiOptions Consistent()
    {
        if (LimitBytes > 0 && SizeBytes > LimitBytes)
            throw StrakeException.Invalid("the option \"limit\" is less than \"size\"");
        if (IsBlock && (FsType.Length > 0 || MountFlags.Count > 0 || MountGroup.Length > 0))
            throw StrakeException.Invalid("the options \"fstype\", \"mount-flags\" and \"mount-group\" are for file systems, and mode=block asks for a device");
        return Context.Count > 0 && Id is null ? throw StrakeException.Invalid($"options \"{ContextPrefix}…\" belong to \"{ExistingId}\"") : this;
    }

    static bool IsOwn(string name) => name is "size" or "limit" or "fstype" or "mode" or "access" or "mount-flags" or "mount-group" or "secrets" or ExistingId;

    static bool IsBlockMode(string value) => value switch
    {
        "block" => true,
        "mount" or "filesystem" => false,
        _ => throw StrakeException.Invalid($"invalid mode: '{value}' is not block or mount"),
    };

    static CsiAccess AccessOf(string value) =>
        s_access.TryGetValue(value, out CsiAccess access) ? access : throw StrakeException.Invalid($"invalid access: '{value}' is not RWO, ROX, RWX or RWOP");
}
