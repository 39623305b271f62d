namespace Strake.Images;

/// <summary>Which manifests of an index to look at, for a platform. Pure.</summary>
static class PlatformChoice
{
    const string AttestationOf = "vnd.docker.reference.type";
    const int MostOffered = 20;

    /// <summary>
    /// The manifests that may be the image, best first: what runs on the platform, the newest variant before others, then what does not say
    /// what it runs on. Attestations, other platforms and documents of a kind that we do not know are left out.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="platform">What the image shall run on.</param>
    public static IReadOnlyList<Descriptor> Candidates(ImageIndex index, Platform platform) =>
    [
        .. index.Manifests
            .Where(m => IsDocument(m) && !IsAttestation(m) && (m.Platform is null || platform.Runs(m.Platform)))
            .OrderBy(m => m.Platform is null)
            .ThenByDescending(m => m.Platform?.Variant ?? "", StringComparer.Ordinal),
    ];

    /// <summary>The refusal where no candidate is the image: says what there is.</summary>
    /// <param name="index">The index.</param>
    /// <param name="platform">What was asked for.</param>
    /// <param name="name">The image, as the user wrote it.</param>
    public static StrakeException NotOffered(ImageIndex index, Platform platform, string name)
    {
        var offered = index.Manifests
            .Where(m => !IsAttestation(m))
            .Select(m => m.Platform?.ToString() ?? m.MediaType ?? "unknown")
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var list = offered.Count == 0 ? "nothing" : string.Join(", ", offered.Take(MostOffered)) + (offered.Count > MostOffered ? ", …" : "");
        return StrakeException.NotFound($"no matching manifest for {platform} in the manifest list entries: {name} is there for {list}");
    }

    static bool IsDocument(Descriptor descriptor) => MediaTypes.IsManifest(descriptor.MediaType) || MediaTypes.IsIndex(descriptor.MediaType);

    // BuildKit puts them beside the images, for the platform unknown/unknown.
    static bool IsAttestation(Descriptor descriptor) =>
        descriptor.Annotation(AttestationOf) is not null || descriptor.Platform is { Os: "unknown" };
}
