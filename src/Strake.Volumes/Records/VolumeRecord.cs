namespace Strake.Volumes.Records;

/// <summary>What is kept of a volume.</summary>
/// <remarks>
/// <code>
/// volume/&lt;name&gt;                        VolumeRecord
/// volume-use/&lt;name&gt;/&lt;holder&gt;            VolumeUseRecord
///
///          create  ┌────────────── used ───────────────┐ restart: stays
///   (none) ──────▶ Promised                            ▼
///          create            fill             filled
///   (none) ──────▶ Creating ─────▶ Ready ◀──────────▶ Filling     restart: settled, Ready
///                     │             │  ▲
///                     │ rolled      │  ├────────────▶ Resizing    restart: finished, or the size that it has; Ready
///                     │ back        │  ├────────────▶ Copying     restart: finished, or nothing of it; Ready
///                     │             │  └── Renaming ◀─ (under the old name)   restart: finished; Ready, or Trashed
///                     │             │         ▲ │ into the trash, and out of it
///                     │             │         │ ▼
///                     │             │       Trashed                restart: stays, or its time is over
///                     ▼             ▼ remove
///                  (none) ◀────── Removing
/// </code>
/// Who changes a volume's uses also rewrites its record, so that a removal that has seen no use fails at its commit
/// when a use came in between.
/// </remarks>
sealed record VolumeRecord(
    string Driver,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset CreatedAt,
    VolumeState State)
{
    /// <summary>What it is called, or was, by its driver, while it is <see cref="VolumeState.Renaming"/>.</summary>
    public string? RenamedFrom { get; init; }

    /// <summary>What is kept of it while it is in the trash, or on the way there; null: it is not.</summary>
    public TrashRecord? Trash { get; init; }
}
