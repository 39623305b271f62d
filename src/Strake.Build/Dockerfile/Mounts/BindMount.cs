namespace Strake.Build;

/// <summary><c>type=bind</c>, the default: files of the context, a stage or an image. What is written to them is lost.</summary>
public sealed record BindMount : RunMount
{
    /// <summary>A stage's name or an image; empty for the context.</summary>
    public string From { get; init; } = "";

    /// <summary>The path in <see cref="From"/>; empty for its root.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether it can only be read: yes unless said otherwise.</summary>
    public bool IsReadOnly { get; init; } = true;
}
