using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>A digest in its usual text form.</summary>
sealed class DigestConverter : JsonConverter<Digest>
{
    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    /// <summary>The digest at the reader's position.</summary>
    /// <exception cref="JsonException">There is none.</exception>
    internal static Digest Parse(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("a digest must be sha256: and 64 lower-case hexadecimal digits");
}
