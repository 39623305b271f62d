namespace Strake.Containers;

/// <summary>Which part of a log a client wants.</summary>
public sealed record LogOptions
{
    /// <summary>Whether to go on until the run ends.</summary>
    public bool Follow { get; init; }

    /// <summary>Whether it wants stdout.</summary>
    public bool Stdout { get; init; } = true;

    /// <summary>Whether it wants stderr.</summary>
    public bool Stderr { get; init; } = true;

    /// <summary>Nothing older than this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Nothing younger than this.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether each line begins with its time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Only the last so many lines; null: all.</summary>
    public int? Tail { get; init; }
}
