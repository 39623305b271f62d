namespace Strake.Build;

/// <summary>RUN: runs a command; what it changes becomes a layer.</summary>
public sealed record RunInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "RUN";

    /// <summary>The command. With here-documents it is a <see cref="ShellCommand"/> whose line still names them.</summary>
    public required CommandLine Command { get; init; }

    /// <summary>The here-documents that the line names, in its order.</summary>
    public ValueList<HereDocument> Documents { get; init; } = [];

    /// <summary>The words after <c>--mount=</c>, for <see cref="RunMount.Parse"/>.</summary>
    public ValueList<string> Mounts { get; init; } = [];

    /// <summary>The network.</summary>
    public RunNetwork Network { get; init; }

    /// <summary>The rights.</summary>
    public RunSecurity Security { get; init; }
}
