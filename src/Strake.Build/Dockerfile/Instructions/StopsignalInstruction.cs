namespace Strake.Build;

/// <summary>STOPSIGNAL: the signal that stops the image's containers.</summary>
public sealed record StopsignalInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "STOPSIGNAL";

    /// <summary>The word: a name or a number.</summary>
    public required string Signal { get; init; }
}
