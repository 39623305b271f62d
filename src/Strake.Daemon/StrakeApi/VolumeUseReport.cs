namespace Strake.Daemon.StrakeApi;

/// <summary>A use of a volume.</summary>
/// <param name="Holder">Kind and id of the user, such as <c>container/4f2a…</c>.</param>
/// <param name="Name">The user's name; empty where it has none.</param>
/// <param name="Destination">Where it sees the volume.</param>
/// <param name="ReadOnly">Whether it may only read.</param>
/// <param name="Mounted">Whether it has the volume mounted now.</param>
/// <param name="Since">When the use began.</param>
public sealed record VolumeUseReport(string Holder, string Name, string Destination, bool ReadOnly, bool Mounted, DateTimeOffset Since);
