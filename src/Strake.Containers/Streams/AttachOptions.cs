namespace Strake.Containers;

/// <summary>What a client wants of an attach.</summary>
public sealed record AttachOptions
{
    /// <summary>Whether it wants what comes from now on.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether it first wants what was logged.</summary>
    public bool Logs { get; init; }

    /// <summary>Whether its input goes to the process.</summary>
    public bool Stdin { get; init; }

    /// <summary>Whether it wants stdout.</summary>
    public bool Stdout { get; init; }

    /// <summary>Whether it wants stderr.</summary>
    public bool Stderr { get; init; }

    /// <summary>Keys that end the session and leave the container running; null: <c>ctrl-p,ctrl-q</c>. Only with a terminal.</summary>
    public string? DetachKeys { get; init; }
}
