namespace Strake.Linux;

/// <summary>What a project of <see cref="ProjectQuota"/> takes and may take.</summary>
/// <param name="UsedBytes">Bytes on disk.</param>
/// <param name="LimitBytes">The hard limit; bytes, 0 for none.</param>
/// <param name="UsedInodes">Inodes.</param>
/// <param name="LimitInodes">The hard limit of inodes; 0 for none.</param>
public sealed record ProjectUsage(long UsedBytes, long LimitBytes, long UsedInodes, long LimitInodes);
