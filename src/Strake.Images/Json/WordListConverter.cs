using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>A list of words that old images write as one string.</summary>
sealed class WordListConverter : JsonConverter<IReadOnlyList<string>?>
{
    /// <inheritdoc/>
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? [reader.GetString()!]
            : JsonSerializer.Deserialize(ref reader, ImageJson.Default.IReadOnlyListString);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string>? value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var word in value ?? [])
            writer.WriteStringValue(word);
        writer.WriteEndArray();
    }
}
