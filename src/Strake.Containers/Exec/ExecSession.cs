namespace Strake.Containers;

/// <summary>An exec as its users see it: an immutable snapshot.</summary>
public sealed record ExecSession
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The container that it is in.</summary>
    public required string ContainerId { get; init; }

    /// <summary>What was asked for.</summary>
    public required ExecRequest Request { get; init; }

    /// <summary>Whether its process runs.</summary>
    public bool Running { get; init; }

    /// <summary>Whether it was ever started.</summary>
    public bool Started { get; init; }

    /// <summary>Its exit code; null until it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The process as the host sees it; 0 while not running.</summary>
    public int Pid { get; init; }
}
