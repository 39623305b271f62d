using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>
/// Reads JSON by a schema: fields that the schema does not know are dropped and told, of repeated ones the last counts, values of another type are
/// refused, nulls are as if they were not there, quantities become canonical. What comes out has the schema's shape.
/// </summary>
public sealed class DocumentReader
{
    readonly List<string> oddities = [];
    readonly List<Fault>? faults;

    DocumentReader(bool isCustom) => faults = isCustom ? [] : null;

    /// <summary>Reads a document.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="schema">The schema of a record.</param>
    /// <param name="isCustom">Whether a definition defines it: then values of other types are faults of the object, told with all others that it has.</param>
    /// <exception cref="StatusException">BadRequest: no JSON, or a value is not of its field's type.</exception>
    public static DecodedDocument Read(ReadOnlySpan<byte> json, Schema schema, bool isCustom = false)
    {
        var reader = new DocumentReader(isCustom);
        var tokens = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            tokens.Read();
            if (tokens.TokenType is not JsonTokenType.StartObject) throw StatusException.BadRequest("the body is no JSON object");
            JsonObject document = reader.Record(ref tokens, schema, "");
            while (tokens.Read())
            {
                // Comments and white space may follow; anything else throws.
            }

            return new(document, reader.oddities) { Faults = reader.faults ?? [] };
        }
        catch (JsonException e)
        {
            throw StatusException.BadRequest($"the body is no JSON: {e.Message}");
        }
    }

    /// <summary>Brings a changed document into the schema's shape again.</summary>
    public static DecodedDocument Read(JsonObject document, Schema schema, bool isCustom = false) => Read(JsonBytes.Of(document), schema, isCustom);

    /// <summary>Reads JSON without a schema.</summary>
    /// <exception cref="StatusException">BadRequest: it is none.</exception>
    public static JsonNode? ReadAny(ReadOnlyMemory<byte> json) => JsonBytes.Parse(json);

    JsonNode? Value(ref Utf8JsonReader tokens, Schema schema, string path)
    {
        if (tokens.TokenType is JsonTokenType.Null && schema.Type is not SchemaType.Anything) return null;
        if (faults is not null && TypeWanted(ref tokens, schema.Type) is { } wanted)
        {
            string given = TypeGiven(ref tokens);
            faults.Add(Fault.WrongType(path, $"\"{given}\"", $"{path} in body must be of type {wanted}: \"{given}\""));
            tokens.Skip();
            return null;
        }

        return schema.Type switch
        {
            SchemaType.Record => Record(ref Expect(ref tokens, JsonTokenType.StartObject, path, "an object"), schema, path),
            SchemaType.Map => Map(ref Expect(ref tokens, JsonTokenType.StartObject, path, "an object"), schema, path),
            SchemaType.List => List(ref Expect(ref tokens, JsonTokenType.StartArray, path, "a list"), schema, path),
            SchemaType.Anything => Raw(ref tokens),
            _ => Scalar(ref tokens, schema.Type, path),
        };
    }

    JsonObject Record(ref Utf8JsonReader tokens, Schema schema, string path)
    {
        var record = new JsonObject();
        HashSet<string>? seen = null;
        while (tokens.Read() && tokens.TokenType is not JsonTokenType.EndObject)
        {
            string name = tokens.GetString()!;
            string at = path.Length == 0 ? name : $"{path}.{name}";
            tokens.Read();
            if (schema.Find(name) is not { } field)
            {
                if (schema.KeepsUnknown) record[name] = Raw(ref tokens);
                else Skip(ref tokens, at);
                continue;
            }

            if (!(seen ??= new(StringComparer.Ordinal)).Add(name)) oddities.Add($"duplicate field \"{at}\"");
            if (Value(ref tokens, field.Schema, at) is { } value) record[name] = value;
            else record.Remove(name);
        }

        return record;
    }

    JsonObject Map(ref Utf8JsonReader tokens, Schema schema, string path)
    {
        var map = new JsonObject();
        while (tokens.Read() && tokens.TokenType is not JsonTokenType.EndObject)
        {
            string name = tokens.GetString()!;
            string at = $"{path}.{name}";
            tokens.Read();
            if (map.ContainsKey(name)) oddities.Add($"duplicate field \"{at}\"");
            // As Go has it: the null of a text is the empty one.
            JsonNode? value = Value(ref tokens, schema.Items!, at) ?? (schema.Items!.Type is SchemaType.Text ? JsonValue.Create("") : null);
            if (value is not null) map[name] = value;
        }

        return map;
    }

    JsonArray List(ref Utf8JsonReader tokens, Schema schema, string path)
    {
        var list = new JsonArray();
        while (tokens.Read() && tokens.TokenType is not JsonTokenType.EndArray)
        {
            JsonNode? item = Value(ref tokens, schema.Items!, string.Create(CultureInfo.InvariantCulture, $"{path}[{list.Count}]"));
            if (item is not null) list.Add(item);
        }

        return list;
    }

    void Skip(ref Utf8JsonReader tokens, string at)
    {
        oddities.Add($"unknown field \"{at}\"");
        tokens.Skip();
    }

    static JsonNode? Raw(ref Utf8JsonReader tokens)
    {
        using JsonDocument any = JsonDocument.ParseValue(ref tokens);
        return JsonBytes.ToNode(any.RootElement);
    }

    static JsonNode? Scalar(ref Utf8JsonReader tokens, SchemaType type, string path) => type switch
    {
        SchemaType.Flag => tokens.TokenType switch
        {
            JsonTokenType.True => JsonValue.Create(true),
            JsonTokenType.False => JsonValue.Create(false),
            _ => throw Wrong(ref tokens, path, "true or false"),
        },
        SchemaType.Int32 or SchemaType.Int64 => Whole(ref tokens, type, path),
        SchemaType.Number when tokens.TokenType is JsonTokenType.Number => Number(ref tokens),
        SchemaType.Number => throw Wrong(ref tokens, path, "a number"),
        SchemaType.IntOrText when tokens.TokenType is JsonTokenType.Number => Whole(ref tokens, SchemaType.Int32, path),
        SchemaType.Quantity => Amount(ref tokens, path),
        SchemaType.Time or SchemaType.MicroTime => Moment(ref tokens, path),
        SchemaType.Bytes => Base64(ref tokens, path),
        SchemaType.Text or SchemaType.IntOrText => JsonValue.Create(Text(ref tokens, path)),
        _ => throw new InvalidOperationException($"schema type {type} is no scalar"),
    };

    static JsonValue Whole(ref Utf8JsonReader tokens, SchemaType type, string path)
    {
        if (tokens.TokenType is JsonTokenType.Number && tokens.TryGetInt64(out long number) && (type is SchemaType.Int64 || number is >= int.MinValue and <= int.MaxValue))
            return JsonValue.Create(number);
        throw Wrong(ref tokens, path, "a whole number");
    }

    static JsonValue Number(ref Utf8JsonReader tokens) =>
        tokens.TryGetInt64(out long whole) ? JsonValue.Create(whole) : JsonValue.Create(tokens.GetDouble());

    static JsonValue Amount(ref Utf8JsonReader tokens, string path)
    {
        if (tokens.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) throw Wrong(ref tokens, path, "a quantity");
        string text = tokens.TokenType is JsonTokenType.String ? tokens.GetString()! : System.Text.Encoding.UTF8.GetString(tokens.ValueSpan);
        if (Quantity.TryParse(text) is { } quantity) return JsonValue.Create(quantity.ToString());
        throw StatusException.BadRequest(
            $"{path}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$', not \"{text}\"");
    }

    static JsonValue? Moment(ref Utf8JsonReader tokens, string path)
    {
        string text = Text(ref tokens, path);
        if (text.Length == 0) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) && text.Contains('T', StringComparison.Ordinal)) return JsonValue.Create(text);
        throw StatusException.BadRequest($"{path}: \"{text}\" is no time in RFC 3339");
    }

    static JsonValue Base64(ref Utf8JsonReader tokens, string path)
    {
        string text = Text(ref tokens, path);
        if (System.Buffers.Text.Base64.IsValid(text)) return JsonValue.Create(text);
        throw StatusException.BadRequest($"{path}: illegal base64 data");
    }

    static string Text(ref Utf8JsonReader tokens, string path) =>
        tokens.TokenType is JsonTokenType.String ? tokens.GetString()! : throw Wrong(ref tokens, path, "a string");

    static ref Utf8JsonReader Expect(ref Utf8JsonReader tokens, JsonTokenType type, string path, string what)
    {
        if (tokens.TokenType != type) throw Wrong(ref tokens, path, what);
        return ref tokens;
    }

    static StatusException Wrong(ref Utf8JsonReader tokens, string path, string expected) =>
        StatusException.BadRequest($"json: cannot unmarshal {NameOf(tokens.TokenType)} into field {path}: it has to be {expected}");

    // In the words of OpenAPI; null: it is of the type.
    static string? TypeWanted(ref Utf8JsonReader tokens, SchemaType type) => (type, tokens.TokenType) switch
    {
        (SchemaType.Anything, _) => null,
        (SchemaType.Record or SchemaType.Map, not JsonTokenType.StartObject) => "object",
        (SchemaType.List, not JsonTokenType.StartArray) => "array",
        (SchemaType.Text or SchemaType.Bytes or SchemaType.Time or SchemaType.MicroTime, not JsonTokenType.String) => "string",
        (SchemaType.Flag, not (JsonTokenType.True or JsonTokenType.False)) => "boolean",
        (SchemaType.Int32 or SchemaType.Int64, JsonTokenType.Number) => tokens.TryGetInt64(out _) ? null : "integer",
        (SchemaType.Int32 or SchemaType.Int64, _) => "integer",
        (SchemaType.Number, not JsonTokenType.Number) => "number",
        (SchemaType.IntOrText or SchemaType.Quantity, not (JsonTokenType.Number or JsonTokenType.String)) => "integer,string",
        _ => null,
    };

    static string TypeGiven(ref Utf8JsonReader tokens) => tokens.TokenType switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => tokens.TryGetInt64(out _) ? "integer" : "number",
        _ => "boolean",
    };

    static string NameOf(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        JsonTokenType.True or JsonTokenType.False => "bool",
        _ => "value",
    };
}
