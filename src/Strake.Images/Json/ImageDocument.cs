using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strake.Images;

/// <summary>Reads documents that strangers wrote, within <see cref="ImageLimits.DocumentBytes"/>, and writes those that they read.</summary>
static class ImageDocument
{
    /// <summary>
    /// The contracts for writing: <c>+</c> and quotes are left as they are, as Go does, so that the manifest of an image has the
    /// digest that Docker's would have. None of it is ever embedded in HTML.
    /// </summary>
    public static ImageJson Contracts { get; } =
        new(new JsonSerializerOptions(ImageJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Parses a document.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="type">Its contract.</param>
    /// <param name="noun">What it is called in messages.</param>
    /// <exception cref="StrakeException">Invalid: not such a document. TooLarge: over the limit.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, string noun)
        where T : class
    {
        if (bytes.Length > ImageLimits.DocumentBytes)
            throw StrakeException.TooLarge($"{noun} has {bytes.Length} bytes; the limit is {ImageLimits.DocumentBytes}");
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw StrakeException.Invalid($"invalid {noun}: it is null");
        }
        catch (JsonException e)
        {
            throw StrakeException.Invalid($"invalid {noun}: {e.Message}", e);
        }
    }
}
