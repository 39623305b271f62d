namespace Strake.Build;

/// <summary>A part of a build that users see: an instruction, or what the builder does beside them.</summary>
public sealed class BuildStep
{
    /// <summary>What it is called, as BuildKit would: <c>[app 2/5] RUN make</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The instruction as it was written; null where it is none.</summary>
    public string? Instruction { get; init; }

    /// <summary>Which of the instructions it is, from 1; 0 where it is none.</summary>
    public int Number { get; init; }

    /// <summary>Whether the base image asked for it (ONBUILD); it is then a part of FROM, and has its number.</summary>
    public bool IsTrigger { get; init; }

    /// <summary>The stage that it belongs to, from 0; -1 where it belongs to none.</summary>
    public int Stage { get; init; } = -1;

    /// <summary>Whether it changes nothing but the image's config.</summary>
    public bool IsConfig { get; init; }
}
