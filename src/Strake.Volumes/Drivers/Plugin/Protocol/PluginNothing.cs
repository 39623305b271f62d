namespace Strake.Volumes;

/// <summary>A call without arguments.</summary>
sealed record PluginNothing;
