namespace Strake.Conformance.FileSystems;

/// <summary>A new btrfs.</summary>
public sealed class Btrfs() : ScratchFileSystem("btrfs", 1L << 30);
