namespace Strake.Build;

/// <summary>Owner and permissions of what is mounted.</summary>
/// <param name="Uid">User, 0 unless said.</param>
/// <param name="Gid">Group, 0 unless said.</param>
/// <param name="Mode">Permission bits; the kind's default unless said.</param>
public sealed record MountOwnership(uint Uid, uint Gid, uint Mode);
