namespace Strake.Volumes;

/// <summary>How much a volume holds, and how much it may hold.</summary>
/// <param name="UsedBytes">Bytes on disk; null: it is mounted from elsewhere, and not now.</param>
/// <param name="LimitBytes">The most; null: what the disk has.</param>
/// <param name="UsedInodes">Files, directories and links; null: not known without walking.</param>
/// <param name="LimitInodes">The most; null: what the file system has.</param>
/// <param name="Backend">What keeps it, such as <c>image</c>.</param>
public sealed record VolumeSpace(long? UsedBytes, long? LimitBytes, long? UsedInodes, long? LimitInodes, string Backend);
