namespace Strake.Volumes;

/// <summary>What a plugin can.</summary>
sealed record PluginScope(string? Scope);
