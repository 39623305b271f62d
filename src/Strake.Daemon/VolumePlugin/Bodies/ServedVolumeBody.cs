namespace Strake.Daemon.VolumePlugin;

/// <summary>A volume.</summary>
sealed record ServedVolumeBody(string Name, string Mountpoint, string CreatedAt);
