namespace Strake.Volumes;

/// <summary>A <c>.json</c> file that announces a plugin.</summary>
sealed record PluginSpecification(string? Name, string? Addr, PluginTls? TLSConfig);
