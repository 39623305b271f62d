namespace Strake.Containers.Plugins;

/// <summary>A plugin's network.</summary>
/// <param name="Type"><c>host</c>, <c>none</c> or <c>bridge</c>.</param>
public sealed record PluginNetwork(string Type = "");
