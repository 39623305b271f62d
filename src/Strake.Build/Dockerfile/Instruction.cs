namespace Strake.Build;

/// <summary>One instruction of a Dockerfile. The set of its kinds is closed.</summary>
/// <remarks>
/// Words are kept as they were written, with their quotes, escapes and variables: what they mean depends on the variables at that point
/// of the build. Where an instruction stood and how it was laid out (<see cref="Lines"/>, <see cref="Text"/>) is no part of what it says:
/// instructions that say the same are equal.
/// </remarks>
public abstract record Instruction
{
    private protected Instruction()
    {
    }

    /// <summary>The instruction's name in capitals: <c>RUN</c>.</summary>
    public abstract string Keyword { get; }

    /// <summary>The lines it stands in, here-documents included.</summary>
    public SourceLines Lines { get; init; }

    /// <summary>
    /// The instruction as it was written, in one line (continued lines joined, comments between them gone, here-documents left out),
    /// without blanks around it. This is what history and progress show.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>Whether both say the same, wherever and however they are written.</summary>
    public virtual bool Equals(Instruction? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();
}
