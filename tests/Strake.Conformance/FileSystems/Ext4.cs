namespace Strake.Conformance.FileSystems;

/// <summary>A new ext4.</summary>
public sealed class Ext4() : ScratchFileSystem("ext4", 1L << 30);
