using System.Text.Json.Serialization;

namespace Strake.Layers;

/// <summary>The records as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(LayerIdConverter), typeof(ChainIdConverter), typeof(DiffIdConverter)])]
[JsonSerializable(typeof(LayerEntry))]
sealed partial class LayerJson : JsonSerializerContext;
