namespace Strake.Build;

/// <summary>SHELL: what runs command lines from here on.</summary>
public sealed record ShellInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "SHELL";

    /// <summary>Program and arguments; at least one word.</summary>
    public required ValueList<string> Words { get; init; }
}
