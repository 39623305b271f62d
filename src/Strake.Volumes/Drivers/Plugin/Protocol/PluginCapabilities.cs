namespace Strake.Volumes;

/// <summary>The answer to Capabilities.</summary>
sealed record PluginCapabilities(PluginScope? Capabilities, string? Err) : IPluginAnswer;
