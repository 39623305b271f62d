namespace Strake.Build;

/// <summary>What to remove of what builds have left.</summary>
public sealed record BuildPruneQuery
{
    /// <summary>Whether also that goes which was made by images that are there; else only what nothing but builds needs.</summary>
    public bool All { get; init; }

    /// <summary>How much may stay, bytes; 0: nothing.</summary>
    public long KeepBytes { get; init; }

    /// <summary>Only what was of no use since then; null: whenever.</summary>
    public DateTimeOffset? UnusedSince { get; init; }

    /// <summary>Only what has one of these ids; none: all.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Only what is of one of these kinds; none: all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];
}
