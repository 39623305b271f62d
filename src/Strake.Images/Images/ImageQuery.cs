namespace Strake.Images;

/// <summary>Which images <c>docker images</c> wants. Every property narrows; the default wants all but intermediate ones.</summary>
public sealed record ImageQuery
{
    /// <summary>Intermediate images (untagged, with a child), too.</summary>
    public bool All { get; init; }

    /// <summary>True: only images without a tag; false: only images with a name; null: both.</summary>
    public bool? Dangling { get; init; }

    /// <summary>Labels that all have to be there: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Labels none of which may be there: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> NotLabels { get; init; } = [];

    /// <summary>Only images created before each of these images (reference or ID).</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Only images created after each of these images (reference or ID).</summary>
    public IReadOnlyList<string> Since { get; init; } = [];

    /// <summary>Only images created before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only names that match one of these patterns (<see cref="ReferencePattern"/>); images left without a name are left out.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Compute <see cref="ImageSummary.SharedSizeBytes"/>.</summary>
    public bool SharedSize { get; init; }
}
