namespace Strake.Build;

/// <summary>What COPY and ADD have in common.</summary>
public abstract record FileInstruction : Instruction
{
    private protected FileInstruction()
    {
    }

    /// <summary>What is taken, in the order written; at least one.</summary>
    public required ValueList<CopySource> Sources { get; init; }

    /// <summary>The word that names the place where it goes.</summary>
    public required string Destination { get; init; }

    /// <summary>The word after <c>--chown=</c>, <c>user[:group]</c>; null when not said.</summary>
    public string? Owner { get; init; }

    /// <summary>The word after <c>--chmod=</c>, octal or symbolic; null when not said.</summary>
    public string? Mode { get; init; }

    /// <summary><c>--link</c>: the files are laid over the image as a layer that does not depend on it.</summary>
    public bool IsLinked { get; init; }

    /// <summary>The patterns after <c>--exclude=</c>, in their order. Variables in them are not put in.</summary>
    public ValueList<string> Excludes { get; init; } = [];
}
