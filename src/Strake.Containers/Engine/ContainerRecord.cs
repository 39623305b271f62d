namespace Strake.Containers.Engine;

/// <summary>What is kept of a container.</summary>
/// <remarks>
/// <code>
/// container/&lt;id&gt;    ContainerRecord
///
///           create             made               remove
///   (none) ───────▶ Creating ───────▶ Ready ◀─┐ ──────────▶ Removing ──▶ (none)
///                      │ restart: taken back  │ every change of state
///                      ▼                      ┘
///                   (none)
/// </code>
/// The record is written before what it names is made, and deleted after it is gone. Whether a container runs is not
/// read from here: the exec root says so, which a restart of the machine empties.
/// </remarks>
sealed record ContainerRecord
{
    /// <summary>Where it stands.</summary>
    public required ContainerPhase Phase { get; init; }

    /// <summary>What users see.</summary>
    public required Container Container { get; init; }

    /// <summary>Names of volumes that nobody named and that were made for it: they go with it under <c>rm -v</c>.</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; init; } = [];

    /// <summary>Whether the removal takes those volumes along.</summary>
    public bool RemovesVolumes { get; init; }

    /// <summary>Whether somebody asked for the end of its last run.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>What it has on its network while it runs; null: nothing.</summary>
    public JoinedNetwork? Joined { get; init; }
}
