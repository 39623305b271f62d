namespace Strake.Linux;

/// <summary>The bounds of a program that is run to its end.</summary>
public sealed record ChildRunLimits
{
    /// <summary>How long it may take; then it is killed. Without end if null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How much is kept of its output, and of its standard error; bytes each.</summary>
    public int OutputBytes { get; init; } = 1024 * 1024;

    /// <summary>The clock of <see cref="Timeout"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
