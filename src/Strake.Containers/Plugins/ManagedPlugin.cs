namespace Strake.Containers.Plugins;

/// <summary>A managed plugin as its users see it.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Name">Its name with a tag, such as <c>rexray/ebs:latest</c>.</param>
/// <param name="Remote">Where it came from; of one that was made here, its own name.</param>
/// <param name="IsEnabled">Whether it is to run.</param>
/// <param name="Config">What it says of itself.</param>
/// <param name="Settings">What was set.</param>
public sealed record ManagedPlugin(string Id, string Name, string Remote, bool IsEnabled, PluginConfig Config, PluginSettings Settings);
