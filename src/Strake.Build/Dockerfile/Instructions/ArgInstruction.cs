namespace Strake.Build;

/// <summary>ARG: declares what <c>--build-arg</c> may set.</summary>
public sealed record ArgInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "ARG";

    /// <summary>The names declared, in their order; at least one.</summary>
    public required ValueList<ArgDeclaration> Declarations { get; init; }
}
