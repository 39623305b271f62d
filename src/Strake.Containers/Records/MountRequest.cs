using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Containers;

/// <summary>A mount as <c>--mount</c> asks for it (<c>HostConfig.Mounts</c>).</summary>
public sealed record MountRequest
{
    /// <summary><c>bind</c>, <c>volume</c>, <c>tmpfs</c> or <c>image</c>.</summary>
    public string? Type { get; init; }

    /// <summary>A path of the host, a volume's name, an image's, or nothing.</summary>
    public string? Source { get; init; }

    /// <summary>Where the container sees it.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the container may only read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Docker Desktop's hint; accepted and without effect.</summary>
    public string? Consistency { get; init; }

    /// <summary>Options of a bind.</summary>
    public BindOptions? BindOptions { get; init; }

    /// <summary>Options of a volume.</summary>
    public VolumeOptions? VolumeOptions { get; init; }

    /// <summary>Options of a tmpfs.</summary>
    public TmpfsOptions? TmpfsOptions { get; init; }

    /// <summary>Options of an image.</summary>
    public ImageOptions? ImageOptions { get; init; }

    /// <summary>Members that nothing here reads, for <see cref="OptionSupport"/> to refuse. Settable for the deserialiser alone.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unsupported { get; set; }
}
