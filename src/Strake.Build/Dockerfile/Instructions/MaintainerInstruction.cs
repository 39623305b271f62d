namespace Strake.Build;

/// <summary>MAINTAINER: the image's author. Deprecated in favour of a label.</summary>
public sealed record MaintainerInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "MAINTAINER";

    /// <summary>The author, as it stands: variables are not put in.</summary>
    public required string Author { get; init; }
}
