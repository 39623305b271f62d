namespace Strake.Volumes;

/// <summary>What a backend is able to do.</summary>
/// <param name="LimitsSize">Whether it enforces a size.</param>
/// <param name="LimitsInodes">Whether it enforces a number of inodes.</param>
/// <param name="Mounts">Whether a volume is a file system of its own, mounted while it is used.</param>
/// <param name="TellsLimits">Whether <c>df</c> shows the limit inside a container, and a write beyond it fails with ENOSPC, not EDQUOT.</param>
/// <param name="CopiesOneMoment">Whether a copy is of one moment while somebody writes; else nobody may.</param>
sealed record BackendTraits(bool LimitsSize, bool LimitsInodes, bool Mounts, bool TellsLimits, bool CopiesOneMoment)
{
    /// <summary>Free space of the disk, in bytes, with which a volume can be made at its first use: nothing else could refuse it then; null: it is made at once.</summary>
    public long? DeferringNeedsBytes { get; init; }
}
