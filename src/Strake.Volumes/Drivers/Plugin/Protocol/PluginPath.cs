namespace Strake.Volumes;

/// <summary>The answer to Mount and Path.</summary>
sealed record PluginPath(string? Mountpoint, string? Err) : IPluginAnswer;
