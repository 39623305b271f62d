namespace Strake.Build;

/// <summary>ENV: sets variables for the rest of the stage and for the image.</summary>
public sealed record EnvInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "ENV";

    /// <summary>The pairs in their order; at least one. All are expanded with the variables from before the instruction.</summary>
    public required ValueList<KeyValueWord> Pairs { get; init; }

    /// <summary>Whether it was written in the old form, <c>ENV name value with blanks</c>: one pair.</summary>
    public bool IsLegacy { get; init; }
}
