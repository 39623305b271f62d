namespace Strake.Conformance.FileSystems;

/// <summary>A new xfs.</summary>
public sealed class Xfs() : ScratchFileSystem("xfs", 1L << 30);
