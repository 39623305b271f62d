namespace Strake.Daemon.BuildKit.Solving;

/// <summary>A cache in the option <c>cache-imports</c>, which is JSON.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Attrs">Which it is.</param>
sealed record CacheImportBody(string? Type, Dictionary<string, string>? Attrs);
