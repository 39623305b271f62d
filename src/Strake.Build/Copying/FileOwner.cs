namespace Strake.Build;

/// <summary>Who gets copied files.</summary>
/// <param name="Uid">The user.</param>
/// <param name="Gid">The group.</param>
sealed record FileOwner(long Uid, long Gid);
