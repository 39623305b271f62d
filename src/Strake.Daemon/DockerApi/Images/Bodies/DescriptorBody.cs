using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>What a blob is, which, and how long.</summary>
sealed record DescriptorBody(
    [property: JsonPropertyName("mediaType")] string? MediaType,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("size")] long Size);
