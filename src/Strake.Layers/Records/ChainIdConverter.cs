using System.Text.Json;
using System.Text.Json.Serialization;
using Strake.Images;

namespace Strake.Layers;

/// <summary>A chain as <c>sha256:</c> and its digits.</summary>
sealed class ChainIdConverter : JsonConverter<ChainId>
{
    /// <inheritdoc/>
    public override ChainId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? new(digest)
            : throw new JsonException("a digest must be sha256: and 64 lower-case hexadecimal digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ChainId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
