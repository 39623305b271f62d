namespace Strake.Volumes;

/// <summary>A snapshot of a CSI volume.</summary>
/// <param name="Name">What users call it.</param>
/// <param name="Handle">What the engine called it to the driver; the same at each repetition.</param>
/// <param name="SourceId">The driver's id of the volume.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="State">Whether the driver has it.</param>
public sealed record CsiSnapshot(string Name, string Handle, string SourceId, DateTimeOffset CreatedAt, CsiVolumeState State)
{
    /// <summary>The driver's id; null: not known yet.</summary>
    public string? Id { get; init; }

    /// <summary>The least that a volume made from it must have, bytes; 0: not known.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The volumes that it was made with, by the driver's ids, itself among them; null: it was made alone.</summary>
    public IReadOnlyList<string>? GroupSources { get; init; }

    /// <summary>The driver's id of the group; null: it was made alone, or that is not known yet.</summary>
    public string? GroupId { get; init; }
}
