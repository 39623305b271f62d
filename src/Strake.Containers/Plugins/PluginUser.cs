namespace Strake.Containers.Plugins;

/// <summary>Who a plugin's process is.</summary>
/// <param name="UID">Its user.</param>
/// <param name="GID">Its group.</param>
public sealed record PluginUser(uint UID = 0, uint GID = 0);
