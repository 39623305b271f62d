namespace Strake.Linux;

/// <summary>What a copy of a tree came to.</summary>
/// <param name="Directories">Directories made, without the top.</param>
/// <param name="Files">Regular files made, without further names of them.</param>
/// <param name="Others">Links, devices, fifos and sockets made.</param>
/// <param name="HardLinks">Further names of what was copied.</param>
/// <param name="ContentBytes">The lengths of the regular files together.</param>
/// <param name="SkippedXattrs">Extended attributes that the target's file system cannot keep.</param>
public sealed record TreeCopyReport(long Directories, long Files, long Others, long HardLinks, long ContentBytes, long SkippedXattrs);
