using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>The layers of an image: the property <c>rootfs</c> of its config.</summary>
public sealed record RootFileSystem
{
    /// <summary>The only kind there is.</summary>
    public const string LayersType = "layers";

    /// <summary>Always <c>layers</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The layers, lowest first; absent or null in an image without any.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<DiffId>? DiffIds { get; init; }
}
