namespace Strake.Build;

/// <summary>LABEL: sets labels of the image.</summary>
public sealed record LabelInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "LABEL";

    /// <summary>The pairs in their order; at least one.</summary>
    public required ValueList<KeyValueWord> Pairs { get; init; }

    /// <summary>Whether it was written in the old form, <c>LABEL name value with blanks</c>: one pair.</summary>
    public bool IsLegacy { get; init; }
}
