using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>
/// An image's config: what it runs, on which layers, and how it came to be. The bytes as they were loaded are the image's
/// identity and are kept with the properties read from them; nothing ever writes them anew.
/// </summary>
/// <remarks>
/// OCI image specification, config.md; Docker's image specification 1.2 has the same shape. Property names are exact, a name
/// may not occur twice (what another reader would make of it is not known), and what is not known here stays in the bytes.
/// A null property was absent or null.
/// </remarks>
public sealed record ImageConfig
{
    /// <summary>The bytes that the config was parsed from.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Digest of <see cref="Bytes"/>.</summary>
    [JsonIgnore]
    public ImageId Id { get; private init; }

    // The order is that of the names, as Docker writes them.

    /// <summary>GOARCH.</summary>
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    /// <summary>Who made it.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>Docker's: a comment.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>What its containers run.</summary>
    [JsonPropertyName("config")]
    public ContainerDefaults? Defaults { get; init; }

    /// <summary>When it was made, in RFC 3339, as written.</summary>
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    /// <summary>Docker's: the version of the engine that made it.</summary>
    [JsonPropertyName("docker_version")]
    public string? DockerVersion { get; init; }

    /// <summary>Its steps, oldest first.</summary>
    [JsonPropertyName("history")]
    public IReadOnlyList<HistoryEntry>? History { get; init; }

    /// <summary>GOOS.</summary>
    [JsonPropertyName("os")]
    public string? Os { get; init; }

    /// <summary>Features of the operating system that it needs.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>The version of the operating system that it needs.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>Its layers.</summary>
    [JsonPropertyName("rootfs")]
    public RootFileSystem? RootFs { get; init; }

    /// <summary>
    /// Ours: for each entry of <see cref="History"/> the key by which a build knows the step's result, empty where it has none. Wherever the image
    /// comes from, builds find its steps by them.
    /// </summary>
    [JsonPropertyName("strake.build.steps.v1")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? StepKeys { get; init; }

    /// <summary>The variant of the CPU.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>The layers, lowest first; empty in an image without any.</summary>
    [JsonIgnore]
    public IReadOnlyList<DiffId> DiffIds => RootFs?.DiffIds ?? [];

    /// <summary>The labels; empty when there are none.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Labels => Defaults?.Labels ?? s_noLabels;

    /// <summary>When it was made; null when absent.</summary>
    [JsonIgnore]
    public DateTimeOffset? CreatedAt => Rfc3339.TryParse(Created, out var time) ? time : null;

    /// <summary>What it runs on.</summary>
    [JsonIgnore]
    public Platform Platform => new()
    {
        Os = Os,
        Architecture = Architecture,
        Variant = Variant,
        OsVersion = OsVersion,
        OsFeatures = OsFeatures,
    };

    static readonly Dictionary<string, string> s_noLabels = [];

    /// <summary>Parses and validates a config; all faults are reported together.</summary>
    /// <param name="bytes">The config; kept, so they must not change any more.</param>
    /// <exception cref="StrakeException">
    /// Invalid: not a config, or one that no honest tool writes (<see cref="ImageConfigFaults"/>). TooLarge: over
    /// <see cref="ImageLimits.DocumentBytes"/>.
    /// </exception>
    public static ImageConfig Parse(ReadOnlyMemory<byte> bytes)
    {
        var config = ImageDocument.Read(bytes, ImageJson.Default.ImageConfig, "image config");
        var faults = ImageConfigFaults.Of(config);
        if (faults.Count > 0)
            throw StrakeException.Invalid($"invalid image config: {string.Join("; ", faults)}");
        return config with { Bytes = bytes, Id = new ImageId(Digest.Of(bytes.Span)) };
    }

    /// <summary>Writes a new config and validates it like a foreign one.</summary>
    /// <param name="config">Its properties; what it was parsed from does not matter.</param>
    /// <exception cref="StrakeException">Invalid, TooLarge: as <see cref="Parse"/>.</exception>
    public static ImageConfig Create(ImageConfig config) =>
        Parse(JsonSerializer.SerializeToUtf8Bytes(config, ImageDocument.Contracts.ImageConfig));
}
