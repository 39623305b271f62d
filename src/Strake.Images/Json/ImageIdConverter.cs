using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>An image's ID in its usual text form.</summary>
sealed class ImageIdConverter : JsonConverter<ImageId>
{
    /// <inheritdoc/>
    public override ImageId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(DigestConverter.Parse(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImageId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
