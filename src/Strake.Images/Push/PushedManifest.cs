using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strake.Images;

/// <summary>The manifest that a push makes for an image. Pure.</summary>
static class PushedManifest
{
    /// <summary>Whether a manifest is of OCI's kind: as the image came, Docker's where it came with none; zstd is OCI's alone.</summary>
    /// <param name="manifestType">The media type of the manifest that the image came with; null: none.</param>
    /// <param name="layers">The forms in which the layers were pushed.</param>
    public static bool IsOci(string? manifestType, IEnumerable<LayerBlob> layers) =>
        manifestType is MediaTypes.OciManifest || layers.Any(l => l.Compression is not (Compression.None or Compression.Gzip));

    /// <summary>Writes a manifest.</summary>
    /// <param name="isOci">Its kind.</param>
    /// <param name="config">The image's config.</param>
    /// <param name="layers">The layers, lowest first.</param>
    /// <returns>The bytes; Docker's kind as Docker writes it, so that equal images have equal digests.</returns>
    public static byte[] Write(bool isOci, ImageConfig config, IReadOnlyList<LayerBlob> layers)
    {
        using var target = new MemoryStream();
        // A plus sign stays one: there is no HTML around.
        var options = new JsonWriterOptions { Indented = !isOci, IndentSize = 3, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(target, options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", isOci ? MediaTypes.OciManifest : MediaTypes.DockerManifest);
            json.WritePropertyName("config");
            Write(json, isOci, isOci ? MediaTypes.OciConfig : MediaTypes.DockerConfig, config.Id.Digest, config.Bytes.Length);
            json.WriteStartArray("layers");
            foreach (var layer in layers) Write(json, isOci, MediaTypes.OfLayer(isOci, layer.Compression), layer.Digest, layer.SizeBytes);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return target.ToArray();
    }

    // Docker's order of the three differs from OCI's.
    static void Write(Utf8JsonWriter json, bool isOci, string mediaType, Digest digest, long sizeBytes)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", mediaType);
        if (isOci) json.WriteString("digest", digest.ToString());
        json.WriteNumber("size", sizeBytes);
        if (!isOci) json.WriteString("digest", digest.ToString());
        json.WriteEndObject();
    }
}
