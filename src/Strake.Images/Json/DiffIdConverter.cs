using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>A DiffID in its usual text form.</summary>
sealed class DiffIdConverter : JsonConverter<DiffId>
{
    /// <inheritdoc/>
    public override DiffId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(DigestConverter.Parse(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DiffId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
