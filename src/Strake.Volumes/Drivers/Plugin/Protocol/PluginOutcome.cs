namespace Strake.Volumes;

/// <summary>An answer that says only whether it worked.</summary>
sealed record PluginOutcome(string? Err) : IPluginAnswer;
