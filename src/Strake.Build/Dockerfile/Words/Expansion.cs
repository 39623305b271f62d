namespace Strake.Build;

/// <summary>A word with its variables put in.</summary>
public sealed record Expansion
{
    /// <summary>The result as one word.</summary>
    public required string Text { get; init; }

    /// <summary>The result as several: split at blanks, those from variables included, but for blanks that were quoted or escaped.</summary>
    public required ValueList<string> Words { get; init; }

    /// <summary>
    /// The variables that were looked up and are set, each once, in the order met; those of parts that came to nothing
    /// (<c>${a:+$b}</c>) included.
    /// </summary>
    public required ValueList<string> Used { get; init; }

    /// <summary>The variables that were looked up and are not set, in the same way.</summary>
    public required ValueList<string> Missing { get; init; }
}
