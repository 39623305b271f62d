using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>One entry of the layer that a copy makes.</summary>
/// <param name="Path">Where it is in the image.</param>
/// <param name="Entry">What the tar says of it.</param>
/// <param name="Tree">Where the file is whose bytes it has.</param>
/// <param name="File">The file whose bytes it has; null where <paramref name="Inline"/> has them, or there are none.</param>
/// <param name="Inline">Its bytes.</param>
sealed record CopyItem(string Path, TarEntry Entry, ISourceTree? Tree = null, SourceFile? File = null, ReadOnlyMemory<byte> Inline = default);
