namespace Strake.Build;

/// <summary>A build stage: a FROM instruction and what follows it, up to the next one.</summary>
public sealed record Stage
{
    /// <summary>The instruction that begins it.</summary>
    public required FromInstruction From { get; init; }

    /// <summary>The instructions after FROM, in their order; never FROM itself.</summary>
    public ValueList<Instruction> Instructions { get; init; } = [];

    /// <summary>The base: a word that names an image, an earlier stage or <c>scratch</c> once variables are put in.</summary>
    public string BaseName => From.Base;

    /// <summary>The word after <c>--platform=</c>; null when not said.</summary>
    public string? Platform => From.Platform;

    /// <summary>The stage's name in lower case; null when it has none. Several stages may bear one name; the last of them has it.</summary>
    public string? Name => From.Name;

    /// <summary>From the line of FROM to the last line of its last instruction.</summary>
    public SourceLines Lines => new(From.Lines.Start, Instructions.Count == 0 ? From.Lines.End : Instructions[^1].Lines.End);
}
