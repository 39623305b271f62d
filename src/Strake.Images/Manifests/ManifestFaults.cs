namespace Strake.Images;

/// <summary>What is wrong with a manifest that parsed. Pure; all faults at once.</summary>
static class ManifestFaults
{
    const int Most = 20;

    /// <summary>The faults of a manifest, a phrase each; empty when it is sound.</summary>
    /// <param name="fields">The manifest.</param>
    /// <param name="expectedMediaType">What whoever named it says it is; null when nobody did.</param>
    public static IReadOnlyList<string> Of(ManifestFields fields, string? expectedMediaType)
    {
        IEnumerable<string> all =
        [
            .. Shape(fields),
            .. MediaType(fields, expectedMediaType),
            .. fields.Config is { } config ? Blob("config", config) : [],
            .. Blobs("layers", fields.Layers),
            .. Blobs("manifests", fields.Manifests),
        ];
        var faults = all.Take(Most + 1).ToList();
        if (faults.Count > Most) faults[Most] = "and more";
        return faults;
    }

    static IEnumerable<string> Shape(ManifestFields fields)
    {
        var (isIndex, isManifest) = (fields.Manifests is not null, fields.Layers is not null || fields.Config is not null);
        if (fields.FsLayers is not null || fields.SchemaVersion == 1)
            yield return "it is of schema 1, which is not supported any more";
        else if (fields.SchemaVersion != 2)
            yield return $"schemaVersion is {fields.SchemaVersion?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}, not 2";
        if (isIndex && isManifest)
            yield return "it has both \"manifests\" and \"config\" or \"layers\"";
        else if (!isIndex && fields.Config is null)
            yield return "it has neither \"manifests\" nor \"config\"";
        else if (!isIndex && fields.Layers is null)
            yield return "it has no \"layers\"";
        if (fields.Layers?.Count > ImageLimits.Layers)
            yield return $"{fields.Layers.Count} layers; the limit is {ImageLimits.Layers}";
        if (fields.Manifests?.Count > ImageLimits.ArchiveImages)
            yield return $"{fields.Manifests.Count} manifests; the limit is {ImageLimits.ArchiveImages}";
    }

    static IEnumerable<string> MediaType(ManifestFields fields, string? expected)
    {
        var claimed = fields.MediaType;
        if (claimed is not null && !MediaTypes.IsManifest(claimed) && !MediaTypes.IsIndex(claimed))
            yield return $"mediaType {claimed} is no manifest's";
        if ((MediaTypes.IsManifest(claimed) && fields.Manifests is not null) || (MediaTypes.IsIndex(claimed) && fields.Layers is not null))
            yield return $"mediaType {claimed} does not agree with its properties";
        if (expected is null) yield break;
        if (claimed is not null && !string.Equals(claimed, expected, StringComparison.Ordinal))
            yield return $"mediaType is {claimed}, and it was named as {expected}";
        if ((MediaTypes.IsManifest(expected) && fields.Manifests is not null) || (MediaTypes.IsIndex(expected) && fields.Layers is not null))
            yield return $"its properties do not agree with {expected}, as which it was named";
    }

    static IEnumerable<string> Blobs(string name, IReadOnlyList<Descriptor>? blobs) =>
        (blobs ?? []).Index().SelectMany(b => Blob($"{name}[{b.Index}]", b.Item));

    static IEnumerable<string> Blob(string name, Descriptor? blob)
    {
        if (blob is null)
        {
            yield return $"{name} is null";
            yield break;
        }

        if (blob.SizeBytes < 0) yield return $"{name}: size {blob.SizeBytes} is negative";
        var isDocument = !name.StartsWith("layers", StringComparison.Ordinal);
        if (isDocument && blob.SizeBytes > ImageLimits.DocumentBytes)
            yield return $"{name}: {blob.SizeBytes} bytes; the limit is {ImageLimits.DocumentBytes}";
        var isManifest = MediaTypes.IsManifest(blob.MediaType) || MediaTypes.IsIndex(blob.MediaType);
        if (isManifest && !name.StartsWith("manifests", StringComparison.Ordinal))
            yield return $"{name}: mediaType {blob.MediaType} is a manifest's";
    }
}
