namespace Strake.Build;

/// <summary>Something that a build has left for later ones.</summary>
public sealed record BuildCacheItem
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of thing it is, in BuildKit's words: <c>regular</c>, <c>exec.cachemount</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The instruction, or the mount's id.</summary>
    public required string Description { get; init; }

    /// <summary>What its removal gives back; bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last of use.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>How often it was of use since it was made.</summary>
    public int Uses { get; init; }

    /// <summary>Whether a build has it now.</summary>
    public bool IsInUse { get; init; }

    /// <summary>Whether an image has its layer too, so that nothing is given back.</summary>
    public bool IsShared { get; init; }
}
