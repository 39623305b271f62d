using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>A set of names, which Go writes as an object with empty values: <c>{"80/tcp":{}}</c>.</summary>
sealed class NameSetConverter : JsonConverter<IReadOnlyList<string>?>
{
    /// <inheritdoc/>
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a set of names must be an object");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!names.Add(reader.GetString()!)) throw new JsonException("a name stands twice in a set");
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
                throw new JsonException("the values of a set of names must be empty objects");
            reader.Skip();
        }

        return [.. names];
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string>? value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var name in (value ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            writer.WriteStartObject(name);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
