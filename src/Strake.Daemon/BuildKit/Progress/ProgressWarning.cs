namespace Strake.Daemon.BuildKit.Progress;

/// <summary>Something that a build's user should know; clients list them at the end.</summary>
/// <param name="Text">A line.</param>
sealed record ProgressWarning(string Text)
{
    /// <summary>The digest of the step that it belongs to; null: the build as a whole.</summary>
    public string? Step { get; init; }

    /// <summary>More about it, in lines.</summary>
    public IReadOnlyList<string> Detail { get; init; } = [];

    /// <summary>Where it is explained; empty: nowhere.</summary>
    public string Url { get; init; } = "";

    /// <summary>Which lines it is about; null: none.</summary>
    public SourceSpot? Spot { get; init; }
}
