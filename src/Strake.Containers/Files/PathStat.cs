namespace Strake.Containers;

/// <summary>A file in a container, as <c>docker cp</c> asks for it; <c>X-Docker-Container-Path-Stat</c> carries it.</summary>
/// <param name="Name">Last element of its path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Mode">Go's <c>os.FileMode</c> bits.</param>
/// <param name="Mtime">When its content was last changed.</param>
/// <param name="LinkTarget">Where a symbolic link leads, within the container; else empty.</param>
public sealed record PathStat(string Name, long Size, uint Mode, DateTimeOffset Mtime, string LinkTarget);
