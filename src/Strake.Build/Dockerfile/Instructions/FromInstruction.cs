namespace Strake.Build;

/// <summary>FROM: begins a stage.</summary>
public sealed record FromInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "FROM";

    /// <summary>The word that names the base. Variables are those of the ARG instructions before the first FROM.</summary>
    public required string Base { get; init; }

    /// <summary>The word after <c>--platform=</c>; null when not said.</summary>
    public string? Platform { get; init; }

    /// <summary>The stage's name in lower case, <c>[a-z][a-z0-9-_.]*</c>; null when it has none.</summary>
    public string? Name { get; init; }
}
