using System.Globalization;

namespace Strake.Volumes;

/// <summary>What a volume of the driver <c>local</c> was asked to be.</summary>
/// <remarks>
/// Docker's options are <c>type</c>, <c>device</c>, <c>o</c> and <c>size</c>; the others are Strake's. A volume is either a file system that
/// is mounted by <c>type</c>, <c>device</c> and <c>o</c>, or storage of the engine's own, which a backend keeps within <c>size</c> and <c>inodes</c>.
/// </remarks>
sealed record LocalOptions
{
    /// <summary>The backend that is chosen by what the host offers.</summary>
    public const string Automatic = "auto";

    const uint ModeMask = 0xFFF;

    static readonly string[] s_names = ["type", "device", "o", "size", "inodes", "uid", "gid", "mode", "backend", "parent"];

    // In the order in which Docker complains of what is missing.
    static readonly (string Option, string Needs)[] s_together = [("type", "device"), ("device", "type"), ("o", "device"), ("o", "type")];

    /// <summary>What mounts it; null: the engine's own storage.</summary>
    public DeviceMount? Device { get; init; }

    /// <summary>The most that it may hold.</summary>
    public VolumeLimits Limits { get; init; } = VolumeLimits.None;

    /// <summary>Owner and mode of its root.</summary>
    public RootOwner Root { get; init; } = new(null, null, null);

    /// <summary>The backend asked for.</summary>
    public string Backend { get; init; } = Automatic;

    /// <summary>The dataset below which the volume's is to be; null: the one that the volumes lie on.</summary>
    public string? Parent { get; init; }

    /// <summary>Reads options. Pure.</summary>
    /// <param name="options">What the user wrote.</param>
    /// <exception cref="StrakeException">Invalid: names the option; in Docker's words where it has any.</exception>
    public static LocalOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        foreach (string option in options.Keys.Where(static option => !s_names.Contains(option)).Order(StringComparer.Ordinal))
            throw StrakeException.Invalid($"invalid option: \"{option}\"");
        foreach ((string option, string needs) in s_together)
        {
            if (options.ContainsKey(option) && !options.ContainsKey(needs))
                throw StrakeException.Invalid($"missing required option: \"{needs}\"");
        }

        var parsed = new LocalOptions
        {
            Device = options.TryGetValue("type", out string? type) ? new DeviceMount(type, options["device"], options.GetValueOrDefault("o", "")) : null,
            Limits = new VolumeLimits(
                options.TryGetValue("size", out string? size) ? VolumeSize.Parse(size) : null,
                options.TryGetValue("inodes", out string? inodes) ? NumberOf("inodes", inodes, 1, uint.MaxValue) : null),
            Root = new RootOwner(
                options.TryGetValue("uid", out string? uid) ? (uint)NumberOf("uid", uid, 0, uint.MaxValue - 1) : null,
                options.TryGetValue("gid", out string? gid) ? (uint)NumberOf("gid", gid, 0, uint.MaxValue - 1) : null,
                options.TryGetValue("mode", out string? mode) ? ModeOf(mode) : null),
            Backend = options.GetValueOrDefault("backend", Automatic),
            Parent = options.TryGetValue("parent", out string? parent) ? ParentOf(parent) : null,
        };
        if (parsed.Device is not null && s_names[3..].FirstOrDefault(options.ContainsKey) is { } own)
            throw StrakeException.Invalid($"the option \"{own}\" is for the engine's own storage and cannot be used together with \"type\": say it in \"o\", if the file system has such an option");
        if (parsed.Backend == BlockBackend.BackendName && parsed.Root != new RootOwner(null, null, null))
            throw StrakeException.Invalid("the options \"uid\", \"gid\" and \"mode\" are for directories and cannot be used together with \"backend=block\"");
        if (parsed.Parent is not null && parsed.Backend != ZfsBackend.BackendName)
            throw StrakeException.Invalid("the option \"parent\" names a dataset, and needs \"backend\" to be zfs");
        return parsed;
    }

    static string ParentOf(string text) => ZfsDataset.IsName(text)
        ? text
        : throw StrakeException.Invalid($"invalid parent: '{text}' is not the name of a dataset, such as tank/volumes");

    static long NumberOf(string option, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw StrakeException.Invalid($"invalid {option}: '{text}' is not a number from {least} to {most}");

    static UnixFileMode ModeOf(string text)
    {
        uint mode = 0;
        bool valid = text.Length is > 0 and <= 5;
        foreach (char digit in text)
        {
            valid &= digit is >= '0' and <= '7';
            mode = (mode << 3) | (uint)(digit & 7);
        }

        return valid && mode <= ModeMask ? (UnixFileMode)mode : throw StrakeException.Invalid($"invalid mode: '{text}' is not an octal mode such as 0750");
    }
}
