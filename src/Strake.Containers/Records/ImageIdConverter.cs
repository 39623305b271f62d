using System.Text.Json;
using System.Text.Json.Serialization;
using Strake.Images;

namespace Strake.Containers;

/// <summary>Writes an image's id as <c>sha256:…</c>.</summary>
sealed class ImageIdConverter : JsonConverter<ImageId>
{
    public override ImageId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out Digest digest) ? new ImageId(digest) : throw new JsonException("an image id is expected");

    public override void Write(Utf8JsonWriter writer, ImageId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
