namespace Strake.Build;

/// <summary><c>type=ssh</c>: a socket to the client's SSH agent.</summary>
/// <remarks>An empty <see cref="RunMount.Target"/> leaves the place to the builder (<c>/run/buildkit/ssh_agent.N</c>).</remarks>
public sealed record SshMount : RunMount
{
    /// <summary>The id when nothing else is said.</summary>
    public const string DefaultId = "default";

    /// <summary>Its permissions when nothing else is said: its owner reads and writes.</summary>
    public const uint DefaultMode = 0b110_000_000;

    /// <summary>The agent's id.</summary>
    public string Id { get; init; } = DefaultId;

    /// <summary>Whether the build fails without it: no unless said.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Who has the socket and what they may.</summary>
    public MountOwnership Ownership { get; init; } = new(0, 0, DefaultMode);
}
