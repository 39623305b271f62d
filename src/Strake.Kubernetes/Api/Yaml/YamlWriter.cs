using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Strake.Kubernetes.Api;

/// <summary>From JSON to YAML, as <c>kubectl get -o yaml</c> writes it: a line a value, texts quoted only where they would be read as something else.</summary>
public static class YamlWriter
{
    /// <summary>The document as YAML, UTF-8.</summary>
    /// <param name="json">JSON that is whole.</param>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using var bytes = new MemoryStream();
        using (var text = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            text.NewLine = "\n";
            // Lines of any length: a break in a text would be a space to some readers.
            var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue).WithoutAnchorName());
            emitter.Emit(new StreamStart());
            emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
            Write(emitter, document.RootElement);
            emitter.Emit(new DocumentEnd(isImplicit: true));
            emitter.Emit(new StreamEnd());
        }

        return bytes.ToArray();
    }

    static void Write(Emitter emitter, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, element.EnumerateObject().Any() ? MappingStyle.Block : MappingStyle.Flow));
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    emitter.Emit(TextOf(member.Name));
                    Write(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, element.GetArrayLength() > 0 ? SequenceStyle.Block : SequenceStyle.Flow));
                foreach (JsonElement item in element.EnumerateArray()) Write(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(TextOf(element.GetString()!));
                break;
            default:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, element.GetRawText(), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    static Scalar TextOf(string text)
    {
        ScalarStyle style = !YamlScalar.IsPlain(text) || text.Contains('\r', StringComparison.Ordinal) ? ScalarStyle.DoubleQuoted
            : !text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Any
            // A block that begins with a blank, or an empty line, would have to say how far it is indented.
            : char.IsWhiteSpace(text[0]) ? ScalarStyle.DoubleQuoted : ScalarStyle.Literal;
        return new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true);
    }
}
