namespace Strake.Conformance.FileSystems;

/// <summary>A new tmpfs.</summary>
public sealed class Tmpfs() : ScratchFileSystem("tmpfs", 1L << 30);
