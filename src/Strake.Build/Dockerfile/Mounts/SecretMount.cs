namespace Strake.Build;

/// <summary><c>type=secret</c>: a file or a variable with what the client keeps under an id. It never gets into a layer.</summary>
/// <remarks><see cref="RunMount.Target"/> is resolved: <c>/run/secrets/</c> and the id's last part unless said; empty: only a variable.</remarks>
public sealed record SecretMount : RunMount
{
    /// <summary>Its permissions when nothing else is said: its owner reads it.</summary>
    public const uint DefaultMode = 0b100_000_000;

    /// <summary>The id; when not said, the source, or the target's last part.</summary>
    public required string Id { get; init; }

    /// <summary>The variable that gets it; null for none.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether the build fails without it: no unless said.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Who has the file and what they may.</summary>
    public MountOwnership Ownership { get; init; } = new(0, 0, DefaultMode);
}
