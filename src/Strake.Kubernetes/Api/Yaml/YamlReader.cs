using System.Buffers;
using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Objects;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Strake.Kubernetes.Api;

/// <summary>
/// From YAML to JSON, with the parser alone: no object of a type that a document names is ever made. Aliases are copies, and what they make of a small text is
/// bounded as the text is; merge keys (<c>&lt;&lt;</c>) are heard. One document a text.
/// </summary>
/// <remarks>What plain scalars mean is as in Kubernetes' library (sigs.k8s.io/yaml), which reads YAML 1.1: <see cref="YamlScalar"/>.</remarks>
public sealed class YamlReader
{
    // As deep as the JSON of a request may be.
    const int MaxDepth = 64;

    // Honest documents look at each event a few times; merges of what brings nothing along would do so without end, and without a byte of output.
    const int SpareSteps = 1_000_000;
    const int StepsAnEvent = 2 * MaxDepth;

    readonly List<ParsingEvent> events = [];
    readonly Dictionary<AnchorName, int> anchors = [];
    readonly ArrayBufferWriter<byte> buffer = new();
    readonly Utf8JsonWriter writer;
    readonly int maxBytes;
    long steps;
    int at;

    YamlReader(int maxBytes)
    {
        this.maxBytes = maxBytes;
        writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>The document as JSON; what is JSON already stays as it is. Keys that are there twice stay so, for who reads it to tell.</summary>
    /// <param name="yaml">The text, UTF-8.</param>
    /// <param name="maxBytes">The most bytes of JSON that may come of it.</param>
    /// <exception cref="StatusException">BadRequest: it is no YAML, more than one document, too deep, too much, or uses what JSON has not.</exception>
    public static byte[] ToJson(byte[] yaml, int maxBytes)
    {
        if (yaml.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] && IsJson(yaml)) return yaml;
        var reader = new YamlReader(maxBytes);
        using (reader.writer)
        {
            try
            {
                reader.ReadEvents(yaml);
                reader.WriteDocument();
            }
            catch (YamlException e)
            {
                throw StatusException.BadRequest($"the body is no YAML: line {e.Start.Line}: {e.Message}");
            }

            reader.writer.Flush();
        }

        return reader.buffer.WrittenSpan.ToArray();
    }

    static bool IsJson(byte[] text)
    {
        try
        {
            var tokens = new Utf8JsonReader(text);
            tokens.Read();
            tokens.Skip();
            return !tokens.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void ReadEvents(byte[] yaml)
    {
        using var text = new StreamReader(new MemoryStream(yaml, writable: false), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var parser = new Parser(text);
        int depth = 0;
        int documents = 0;
        while (parser.MoveNext())
        {
            ParsingEvent one = parser.Current!;
            depth += one.NestingIncrease;
            if (one is DocumentStart && ++documents > 1) throw Refuse(one, "more than one document");

            // The stream and the document count as two.
            if (depth > MaxDepth + 2) throw Refuse(one, $"deeper than {MaxDepth}");
            events.Add(one);
        }
    }

    void WriteDocument()
    {
        at = events.FindIndex(static one => one is DocumentStart) + 1;
        if (at == 0) throw StatusException.BadRequest("the body is no YAML: it has no document");
        WriteNode(0);
    }

    void WriteNode(int depth)
    {
        ParsingEvent one = events[at];
        Step(1);
        if (depth > MaxDepth) throw Refuse(one, $"deeper than {MaxDepth}");
        if (writer.BytesCommitted + writer.BytesPending > maxBytes) throw Refuse(one, $"more than {maxBytes} bytes with its aliases written out");
        if (one is NodeEvent { Anchor.IsEmpty: false } anchored) anchors[anchored.Anchor] = at;
        switch (one)
        {
            case AnchorAlias alias:
                WriteAlias(alias, depth);
                break;
            case Scalar scalar:
                YamlScalar.Write(writer, scalar);
                at++;
                break;
            case SequenceStart:
                WriteSequence(depth);
                break;
            case MappingStart:
                writer.WriteStartObject();
                WriteMembers(depth, []);
                writer.WriteEndObject();
                break;
            default:
                throw Refuse(one, $"{one} where a value is wanted");
        }
    }

    void WriteAlias(AnchorAlias alias, int depth)
    {
        int back = at + 1;
        at = AnchorOf(alias);
        WriteNode(depth + 1);
        at = back;
    }

    void WriteSequence(int depth)
    {
        at++;
        writer.WriteStartArray();
        while (events[at] is not SequenceEnd) WriteNode(depth + 1);
        writer.WriteEndArray();
        at++;
    }

    // Those that another mapping brings along come first and only where this one, or what is merged into it, says nothing itself.
    void WriteMembers(int depth, HashSet<string> taken)
    {
        if (depth > MaxDepth) throw Refuse(events[at], $"deeper than {MaxDepth}");
        int start = ++at;
        Step(taken.Count);
        var own = new HashSet<string>(taken, StringComparer.Ordinal);
        List<int> merged = [];
        while (events[at] is not MappingEnd)
        {
            string key = KeyAt(at, out bool isMerge);
            at++;
            if (isMerge) merged.Add(at);
            else own.Add(key);
            SkipNode();
        }

        int end = at;
        foreach (int source in merged) WriteMerged(source, depth, own);
        at = start;
        while (at < end)
        {
            string key = KeyAt(at, out bool isMerge);
            at++;
            if (isMerge || taken.Contains(key))
            {
                if (isMerge) NoteAnchors();
                SkipNode();
                continue;
            }

            writer.WritePropertyName(key);
            WriteNode(depth + 1);
        }

        at = end + 1;
        taken.UnionWith(own);
    }

    void WriteMerged(int source, int depth, HashSet<string> taken)
    {
        at = source;
        if (events[at] is SequenceStart)
        {
            for (int item = source + 1; events[item] is not SequenceEnd;)
            {
                WriteMerged(item, depth + 1, taken);
                at = item;
                SkipNode();
                item = at;
            }

            return;
        }

        if (events[at] is AnchorAlias alias) at = AnchorOf(alias);
        if (events[at] is not MappingStart) throw Refuse(events[at], "map merge requires map or sequence of maps as the value");
        WriteMembers(depth + 1, taken);
    }

    void NoteAnchors()
    {
        if (events[at] is NodeEvent { Anchor.IsEmpty: false } anchored) anchors[anchored.Anchor] = at;
    }

    void SkipNode()
    {
        int depth = 0;
        do
        {
            Step(1);
            depth += events[at++].NestingIncrease;
        }
        while (depth > 0);
    }

    int AnchorOf(AnchorAlias alias) => anchors.TryGetValue(alias.Value, out int found) ? found : throw Refuse(alias, $"unknown anchor '{alias.Value}' referenced");

    string KeyAt(int index, out bool isMerge)
    {
        if (events[index] is AnchorAlias alias) index = AnchorOf(alias);
        if (events[index] is not Scalar key) throw Refuse(events[index], "a key that is no scalar");
        isMerge = key is { Value: "<<", Style: ScalarStyle.Plain };
        if (!key.Anchor.IsEmpty) anchors[key.Anchor] = index;
        return YamlScalar.KeyOf(key);
    }

    void Step(int count)
    {
        steps += count;
        if (steps > SpareSteps + ((long)StepsAnEvent * events.Count)) throw Refuse(events[at], "merges without end");
    }

    static StatusException Refuse(ParsingEvent one, string why) => StatusException.BadRequest($"the body is no YAML that is read here: line {one.Start.Line}: {why}");
}
