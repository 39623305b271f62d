namespace Strake.Images;

/// <summary>What <c>docker image prune</c> shall remove.</summary>
public sealed record ImagePruneQuery
{
    /// <summary>True: only images without a tag; false: all that no container uses.</summary>
    public bool DanglingOnly { get; init; } = true;

    /// <summary>Only images created before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Labels that all have to be there: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Labels none of which may be there: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> NotLabels { get; init; } = [];
}
