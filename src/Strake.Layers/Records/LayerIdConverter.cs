using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Layers;

/// <summary>A layer's id as its 26 characters.</summary>
sealed class LayerIdConverter : JsonConverter<LayerId>
{
    /// <inheritdoc/>
    public override LayerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && LayerId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("a layer's id must be 26 characters of base 32");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LayerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
