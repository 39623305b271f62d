namespace Strake.Containers;

/// <summary>A difference between a container's file system and its image's.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Path">Absolute path in the container; bytes that are not UTF-8 are replaced.</param>
public sealed record FileChange(FileChangeKind Kind, string Path);
