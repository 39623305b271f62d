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

    /// <summary>
    /// Names of volumes that nobody named: those that are made for it, written down before they are there, and once it is ready those that it has
    /// from other containers. Under <c>rm -v</c> they go with the last container that has them.
    /// </summary>
    public IReadOnlyList<string> AnonymousVolumes { get; init; } = [];

    /// <summary>Whether the removal takes those volumes along.</summary>
    public bool RemovesVolumes { get; init; }

    /// <summary>Whether somebody asked for the end of its last run.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>What it has on its network while it runs; null: nothing.</summary>
    public JoinedNetwork? Joined { get; init; }
}
