namespace Strake.Containers;

/// <summary>Options of a mounted image.</summary>
/// <param name="Subpath">A directory or file of the image that is mounted in place of its root; empty: the root.</param>
public sealed record ImageOptions(string? Subpath = null);
