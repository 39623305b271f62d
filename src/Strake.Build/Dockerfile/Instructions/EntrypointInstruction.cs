namespace Strake.Build;

/// <summary>ENTRYPOINT: what the image's containers run in any case.</summary>
public sealed record EntrypointInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "ENTRYPOINT";

    /// <summary>The command.</summary>
    public required CommandLine Command { get; init; }
}
