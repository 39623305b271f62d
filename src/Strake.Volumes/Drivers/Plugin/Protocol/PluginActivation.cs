namespace Strake.Volumes;

/// <summary>The answer to <c>/Plugin.Activate</c>.</summary>
sealed record PluginActivation(IReadOnlyList<string>? Implements);
