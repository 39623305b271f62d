namespace Strake.Build;

/// <summary>VOLUME: paths that get a volume in each container.</summary>
public sealed record VolumeInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "VOLUME";

    /// <summary>The words, in their order; at least one, none of them blank.</summary>
    public required ValueList<string> Paths { get; init; }
}
