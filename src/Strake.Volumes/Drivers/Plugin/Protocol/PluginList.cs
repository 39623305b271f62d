namespace Strake.Volumes;

/// <summary>The answer to List.</summary>
sealed record PluginList(IReadOnlyList<PluginVolume?>? Volumes, string? Err) : IPluginAnswer;
