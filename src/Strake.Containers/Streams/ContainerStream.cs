namespace Strake.Containers;

/// <summary>A stream of a container's process; the numbers are those in the header of Docker's frames.</summary>
public enum ContainerStream
{
    /// <summary>What the process reads.</summary>
    Stdin = 0,

    /// <summary>What it writes; with a terminal everything.</summary>
    Stdout = 1,

    /// <summary>Its errors.</summary>
    Stderr = 2,
}
