namespace Strake.Volumes;

/// <summary>A call about a volume.</summary>
sealed record PluginVolumeName(string Name);
