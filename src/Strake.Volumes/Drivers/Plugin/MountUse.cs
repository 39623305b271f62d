namespace Strake.Volumes;

/// <summary>One use of a plugin's volume: a call to mount it, with the id under which the plugin knows it.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Id">The id, unique to this use.</param>
/// <param name="Holder">Who has the mount.</param>
/// <param name="Driver">The plugin.</param>
/// <param name="State">How far it has come.</param>
public sealed record MountUse(VolumeName Volume, string Id, string Holder, string Driver, MountUseState State);
