namespace Strake.Build;

/// <summary>A tar that is unpacked.</summary>
/// <param name="Directory">Where to, in the image.</param>
/// <param name="Tree">Where the tar is.</param>
/// <param name="File">The tar, compressed or not.</param>
sealed record ArchiveItem(string Directory, ISourceTree Tree, SourceFile File);
