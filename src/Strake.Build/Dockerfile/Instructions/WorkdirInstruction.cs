namespace Strake.Build;

/// <summary>WORKDIR: changes to a directory, made if missing.</summary>
public sealed record WorkdirInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "WORKDIR";

    /// <summary>The word that names it; a relative one is relative to the former.</summary>
    public required string Path { get; init; }
}
