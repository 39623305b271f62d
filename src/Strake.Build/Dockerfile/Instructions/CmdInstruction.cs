namespace Strake.Build;

/// <summary>CMD: the command of the image's containers.</summary>
public sealed record CmdInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "CMD";

    /// <summary>The command.</summary>
    public required CommandLine Command { get; init; }
}
