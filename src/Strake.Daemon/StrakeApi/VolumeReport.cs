namespace Strake.Daemon.StrakeApi;

/// <summary>What Strake says of a volume beyond what Docker's API can say.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="Backend">What keeps it, such as <c>image</c>; empty where only walking tells how much is in it.</param>
/// <param name="UsedBytes">Bytes on disk; null: not known without walking.</param>
/// <param name="LimitBytes">The most; null: what the disk has.</param>
/// <param name="UsedInodes">Files, directories and links; null: not known without walking.</param>
/// <param name="LimitInodes">The most; null: what the file system has.</param>
/// <param name="Uses">Who uses it.</param>
public sealed record VolumeReport(
    string Name,
    string Driver,
    string Backend,
    long? UsedBytes,
    long? LimitBytes,
    long? UsedInodes,
    long? LimitInodes,
    IReadOnlyList<VolumeUseReport> Uses);
