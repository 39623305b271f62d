using System.Text.Json;

namespace Strake.Volumes;

/// <summary>A volume.</summary>
sealed record PluginVolume(string? Name, string? Mountpoint, string? CreatedAt, IReadOnlyDictionary<string, JsonElement>? Status);
