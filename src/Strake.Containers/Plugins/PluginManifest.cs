using System.Text.Json.Serialization;
using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>A manifest of a plugin, as it is sent.</summary>
sealed record PluginManifest(
    [property: JsonPropertyName("schemaVersion")] int SchemaVersion,
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("config")] PluginBlob Config,
    [property: JsonPropertyName("layers")] IReadOnlyList<PluginBlob> Layers);
