using System.Text.Json.Serialization;
using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>A blob in a manifest.</summary>
sealed record PluginBlob(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("digest")] string Digest)
{
    /// <summary>The blob as a registry is asked for it.</summary>
    public Descriptor ToDescriptor() => new()
    {
        MediaType = MediaType,
        SizeBytes = Size,
        Digest = Images.Digest.TryParse(Digest, out Digest parsed) ? parsed : throw StrakeException.DataLoss($"\"{Digest}\" is no digest"),
    };
}
