namespace Strake.Volumes;

/// <summary>How a path inside of a plugin's root is one of the host.</summary>
/// <param name="Inside">The directory in the plugin's root below which its mounts appear.</param>
/// <param name="Outside">The same directory as the host sees it.</param>
public sealed record PluginView(string Inside, string Outside);
