namespace Strake.Containers;

/// <summary>The driver of a volume that a mount makes.</summary>
/// <param name="Name">Empty: <c>local</c>.</param>
/// <param name="Options">Options of the driver.</param>
public sealed record VolumeDriverSettings(string? Name = null, IReadOnlyDictionary<string, string>? Options = null);
