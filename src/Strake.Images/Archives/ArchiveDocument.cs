using System.Text.Json;

namespace Strake.Images;

/// <summary>A JSON document in an archive, before it is known what wants it.</summary>
sealed class ArchiveDocument
{
    readonly byte[] _bytes;
    readonly HashSet<string> _properties;

    public ArchiveDocument(byte[] bytes) => (_bytes, _properties) = (bytes, PropertiesOf(bytes));

    /// <summary>An attestation (provenance, list of contents): may be long, there may be many, and no image wants them.</summary>
    public bool IsAttestation => _properties.Contains("predicateType");

    /// <summary>The config or manifest that it is; null when it is neither, or not a sound one.</summary>
    public object? TryRead()
    {
        try
        {
            return _properties.Contains("rootfs") ? ImageConfig.Parse(_bytes)
                : _properties.Contains("layers") ? ManifestDocument.Parse(_bytes, mediaType: null)
                : null;
        }
        catch (StrakeException)
        {
            // Whether anything wants it, and then what is wrong with it, is found when the archive has been read.
            return null;
        }
    }

    static HashSet<string> PropertiesOf(byte[] bytes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return names;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Add(reader.GetString() ?? "");
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or names that are not text: nothing that we know.
            names.Clear();
        }

        return names;
    }
}
