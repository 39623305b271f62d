namespace Strake.Volumes;

/// <summary><c>/VolumeDriver.Mount</c> and <c>/VolumeDriver.Unmount</c>.</summary>
sealed record PluginMount(string Name, string ID);
