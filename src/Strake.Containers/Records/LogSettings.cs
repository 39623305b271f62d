namespace Strake.Containers;

/// <summary>Where a container's output is kept.</summary>
/// <param name="Type">The log driver: empty or <c>json-file</c> (kept and readable), or <c>none</c>.</param>
/// <param name="Config">Options of the driver: <c>max-size</c>.</param>
public sealed record LogSettings(string? Type = null, IReadOnlyDictionary<string, string>? Config = null);
