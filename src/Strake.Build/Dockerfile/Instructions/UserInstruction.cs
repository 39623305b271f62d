namespace Strake.Build;

/// <summary>USER: who runs commands from here on.</summary>
public sealed record UserInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "USER";

    /// <summary>The word, <c>user[:group]</c>.</summary>
    public required string User { get; init; }
}
