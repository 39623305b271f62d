namespace Strake.Volumes;

/// <summary>What <see cref="CsiDrivers"/> are made of.</summary>
/// <param name="Journal">Where what drivers are asked for is written down.</param>
/// <param name="Root">The folder below which volumes are on this node.</param>
/// <param name="Time">The clock.</param>
public sealed record CsiDriversOptions(ICsiJournal Journal, string Root, TimeProvider Time)
{
    /// <summary>Sockets of drivers that do not register.</summary>
    public IReadOnlyList<string> Sockets { get; init; } = [];

    /// <summary>The folder in which drivers register; null: none does.</summary>
    public string? Registry { get; init; }

    /// <summary>Told what becomes of drivers, a sentence each; called on any thread. May be null.</summary>
    public Action<string>? OnNews { get; init; }
}
