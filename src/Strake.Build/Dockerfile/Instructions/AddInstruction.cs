namespace Strake.Build;

/// <summary>ADD: as COPY from the context, and also from URLs and git; unpacks local archives.</summary>
public sealed record AddInstruction : FileInstruction
{
    /// <inheritdoc/>
    public override string Keyword => "ADD";

    /// <summary>The word after <c>--checksum=</c>; null when not said.</summary>
    public string? Checksum { get; init; }

    /// <summary><c>--keep-git-dir</c>: whether <c>.git</c> stays; null when not said.</summary>
    public bool? KeepsGitDirectory { get; init; }

    /// <summary><c>--unpack</c>: whether archives are unpacked; null when not said, which is yes for local ones and no for URLs.</summary>
    public bool? Unpacks { get; init; }
}
