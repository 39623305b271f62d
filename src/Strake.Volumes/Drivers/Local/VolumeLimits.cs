namespace Strake.Volumes;

/// <summary>The most that a volume may hold.</summary>
/// <param name="SizeBytes">Bytes; null: what the disk has.</param>
/// <param name="Inodes">Files, directories and links; null: what the file system has.</param>
sealed record VolumeLimits(long? SizeBytes, long? Inodes)
{
    /// <summary>No limits.</summary>
    public static readonly VolumeLimits None = new(null, null);

    /// <summary>Whether there is any.</summary>
    public bool Any => SizeBytes is not null || Inodes is not null;
}
