using System.Text.Json;
using System.Text.Json.Serialization;
using Strake.Images;

namespace Strake.Layers;

/// <summary>A DiffID as <c>sha256:</c> and its digits.</summary>
sealed class DiffIdConverter : JsonConverter<DiffId>
{
    /// <inheritdoc/>
    public override DiffId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? new(digest)
            : throw new JsonException("a digest must be sha256: and 64 lower-case hexadecimal digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DiffId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
