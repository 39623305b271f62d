using System.Text.Json.Serialization;

namespace Strake.Containers.Plugins;

/// <summary>The JSON of plugins and their records, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, RespectNullableAnnotations = false)]
[JsonSerializable(typeof(PluginConfig))]
[JsonSerializable(typeof(PluginRecord))]
[JsonSerializable(typeof(PluginManifest))]
sealed partial class ManagedPluginJson : JsonSerializerContext;
