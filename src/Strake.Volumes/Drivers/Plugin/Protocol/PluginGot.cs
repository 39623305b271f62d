namespace Strake.Volumes;

/// <summary>The answer to Get.</summary>
sealed record PluginGot(PluginVolume? Volume, string? Err) : IPluginAnswer;
