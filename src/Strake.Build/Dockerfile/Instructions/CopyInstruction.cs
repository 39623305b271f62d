namespace Strake.Build;

/// <summary>COPY: takes files from the context, a stage, an image, or the Dockerfile itself.</summary>
public sealed record CopyInstruction : FileInstruction
{
    /// <inheritdoc/>
    public override string Keyword => "COPY";

    /// <summary>The word after <c>--from=</c>: a stage's name or number, or an image; null for the context. Variables are refused there.</summary>
    public string? From { get; init; }

    /// <summary><c>--parents</c>: the directories above the files are kept.</summary>
    public bool KeepsParents { get; init; }
}
