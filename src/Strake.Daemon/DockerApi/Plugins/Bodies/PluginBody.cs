using Strake.Containers.Plugins;

namespace Strake.Daemon.DockerApi;

/// <summary>A managed plugin.</summary>
sealed record PluginBody(string Id, string Name, bool Enabled, PluginSettings Settings, string PluginReference, PluginConfig Config);
