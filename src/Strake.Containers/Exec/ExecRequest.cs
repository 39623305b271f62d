namespace Strake.Containers;

/// <summary>A further process in a running container, as the body of Docker's exec create has it.</summary>
public sealed record ExecRequest
{
    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary><c>NAME=value</c>, on top of the container's.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Its working directory; empty: the container's.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>User and group; empty: the container's.</summary>
    public string? User { get; init; }

    /// <summary>Whether it gets a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Whether the client's input goes to it.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>Whether the client wants its stdout.</summary>
    public bool AttachStdout { get; init; }

    /// <summary>Whether the client wants its stderr.</summary>
    public bool AttachStderr { get; init; }

    /// <summary>Whether it gets all capabilities.</summary>
    public bool Privileged { get; init; }

    /// <summary>Keys that end the session and leave the process running; null: <c>ctrl-p,ctrl-q</c>.</summary>
    public string? DetachKeys { get; init; }

    /// <summary>The terminal's first size: height, width.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; init; }
}
