namespace Strake.Volumes.Records;

/// <summary>What is kept of a volume.</summary>
/// <remarks>
/// <code>
/// volume/&lt;name&gt;                        VolumeRecord
/// volume-use/&lt;name&gt;/&lt;holder&gt;            VolumeUseRecord
///
///          create            fill             filled
///   (none) ──────▶ Creating ─────▶ Ready ◀──────────▶ Filling
///                     │  rolled       │ remove           │ restart: settled, Ready
///                     ▼  back         ▼
///                  (none) ◀──────  Removing
/// </code>
/// Who changes a volume's uses also rewrites its record, so that a removal that has seen no use fails at its commit
/// when a use came in between.
/// </remarks>
sealed record VolumeRecord(
    string Driver,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset CreatedAt,
    VolumeState State);
