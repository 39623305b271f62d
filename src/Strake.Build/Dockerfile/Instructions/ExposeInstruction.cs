namespace Strake.Build;

/// <summary>EXPOSE: ports that the image serves.</summary>
public sealed record ExposeInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "EXPOSE";

    /// <summary>The words in the order written; at least one. One word may become several ports once variables are put in.</summary>
    public required ValueList<string> Ports { get; init; }
}
