using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>
/// Reads documents in Kubernetes' protobuf form, by the numbers that schemas give their fields. Some commands of kubectl send nothing else from
/// 1.32 on; only what they send is numbered.
/// </summary>
/// <remarks>
/// apimachinery <c>pkg/runtime/serializer/protobuf</c>: <c>k8s\0</c>, then <c>runtime.Unknown</c>: 1 type (1 apiVersion, 2 kind), 2 the object.
/// Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
/// </remarks>
public static class ProtobufReader
{
    /// <summary>The content type.</summary>
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    const int MaxDepth = 64;

    /// <summary>Reads a document.</summary>
    /// <param name="body">The body.</param>
    /// <param name="schema">The schema of the object; its fields have numbers.</param>
    /// <exception cref="StatusException">BadRequest: it is not of that form.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> body, Schema schema)
    {
        if (!body.StartsWith("k8s\0"u8)) throw Malformed("it does not begin with the mark of Kubernetes");
        var document = new JsonObject();
        var envelope = new ProtobufFields(body[4..]);
        while (envelope.Next())
        {
            if (envelope.Number == 1) ReadType(envelope.Bytes, document);
            else if (envelope.Number == 2) ReadRecord(envelope.Bytes, schema, document, 0);
        }

        return document;
    }

    static void ReadType(ReadOnlySpan<byte> bytes, JsonObject document)
    {
        var type = new ProtobufFields(bytes);
        while (type.Next()) document[type.Number == 1 ? "apiVersion" : "kind"] = Encoding.UTF8.GetString(type.Bytes);
    }

    static void ReadRecord(ReadOnlySpan<byte> bytes, Schema schema, JsonObject record, int depth)
    {
        if (depth > MaxDepth) throw Malformed("it is nested too deep");
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            int number = fields.Number;
            if (schema.Fields.FirstOrDefault(one => one.Number == number) is { } field) ReadField(ref fields, field, record, depth);
        }
    }

    static void ReadField(ref ProtobufFields fields, SchemaField field, JsonObject record, int depth)
    {
        switch (field.Schema.Type)
        {
            case SchemaType.List:
                if (record[field.Name] is not JsonArray list) record[field.Name] = list = [];
                list.Add(Value(ref fields, field.Schema.Items!, depth));
                break;
            case SchemaType.Map:
                if (record[field.Name] is not JsonObject map) record[field.Name] = map = [];
                ReadEntry(fields.Bytes, field.Schema.Items!, map, depth);
                break;
            default:
                // What a text says when it is empty, its absence says as well; Go writes it all the same.
                JsonNode? value = Value(ref fields, field.Schema, depth);
                bool isEmpty = value is JsonValue text && text.TryGetValue(out string? said) && said.Length == 0;
                if (!isEmpty && !(field.OmitsZero && fields.Varint == 0)) record[field.Name] = value;
                break;
        }
    }

    static void ReadEntry(ReadOnlySpan<byte> bytes, Schema values, JsonObject map, int depth)
    {
        string key = "";
        JsonNode? value = values.Type is SchemaType.Text or SchemaType.Bytes ? JsonValue.Create("") : null;
        var entry = new ProtobufFields(bytes);
        while (entry.Next())
        {
            if (entry.Number == 1) key = Encoding.UTF8.GetString(entry.Bytes);
            else if (entry.Number == 2) value = Value(ref entry, values, depth);
        }

        map[key] = value;
    }

    static JsonNode? Value(ref ProtobufFields fields, Schema schema, int depth)
    {
        switch (schema.Type)
        {
            case SchemaType.Record:
                var record = new JsonObject();
                ReadRecord(fields.Bytes, schema, record, depth + 1);
                return record;
            case SchemaType.Text:
                return JsonValue.Create(Encoding.UTF8.GetString(fields.Bytes));
            case SchemaType.Bytes:
                return JsonValue.Create(Convert.ToBase64String(fields.Bytes));
            case SchemaType.Flag:
                return JsonValue.Create(fields.Varint != 0);
            case SchemaType.Int32 or SchemaType.Int64:
                return JsonValue.Create((long)fields.Varint);
            case SchemaType.Quantity:
                return JsonValue.Create(First(fields.Bytes));
            case SchemaType.IntOrText:
                return IntOrText(fields.Bytes);
            case SchemaType.Time:
                return Moment(fields.Bytes);
            default:
                return null;
        }
    }

    static string First(ReadOnlySpan<byte> bytes)
    {
        var fields = new ProtobufFields(bytes);
        return fields.Next() && fields.Number == 1 ? Encoding.UTF8.GetString(fields.Bytes) : "0";
    }

    // 1: whether it is a text; 2: the number; 3: the text.
    static JsonValue IntOrText(ReadOnlySpan<byte> bytes)
    {
        bool isText = false;
        int number = 0;
        string text = "";
        var fields = new ProtobufFields(bytes);
        while (fields.Next())
        {
            if (fields.Number == 1) isText = fields.Varint == 1;
            else if (fields.Number == 2) number = (int)fields.Varint;
            else if (fields.Number == 3) text = Encoding.UTF8.GetString(fields.Bytes);
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    // No seconds is no time: Go's zero.
    static JsonValue? Moment(ReadOnlySpan<byte> bytes)
    {
        var fields = new ProtobufFields(bytes);
        if (!fields.Next() || fields.Number != 1) return null;
        long seconds = (long)fields.Varint;
        return seconds >= s_first && seconds <= s_last
            ? JsonValue.Create(ApiTime.Text(DateTimeOffset.FromUnixTimeSeconds(seconds)))
            : throw Malformed($"{seconds} seconds since 1970 are beyond the years 1 to 9999");
    }

    static readonly long s_first = DateTimeOffset.MinValue.ToUnixTimeSeconds(), s_last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    static StatusException Malformed(string why) => StatusException.BadRequest($"the body is no protobuf of Kubernetes: {why}");

    ref struct ProtobufFields(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> rest = bytes;

        public int Number { get; private set; }

        public ReadOnlySpan<byte> Bytes { get; private set; }

        public ulong Varint { get; private set; }

        public bool Next()
        {
            if (rest.IsEmpty) return false;
            ulong tag = ReadVarint();
            Number = (int)(tag >> 3);
            Bytes = default;
            Varint = 0;
            switch (tag & 7)
            {
                case 0:
                    Varint = ReadVarint();
                    break;
                case 1:
                    Varint = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                    break;
                case 2:
                    Bytes = Take(ReadVarint());
                    break;
                case 5:
                    Varint = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                    break;
                default:
                    throw Malformed("an unknown wire type");
            }

            return true;
        }

        ReadOnlySpan<byte> Take(ulong count)
        {
            if (count > (ulong)rest.Length) throw Malformed("it is cut short");
            ReadOnlySpan<byte> taken = rest[..(int)count];
            rest = rest[(int)count..];
            return taken;
        }

        ulong ReadVarint()
        {
            ulong value = 0;
            for (int shift = 0; shift < 64; shift += 7)
            {
                byte next = Take(1)[0];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) return value;
            }

            throw Malformed("a number is too long");
        }
    }
}
