using Microsoft.Win32.SafeHandles;

namespace Strake.Layers.Archive;

/// <summary>A layer's way from its bytes to its directory.</summary>
public static class LayerApply
{
    /// <summary>
    /// Reads a layer to its end in one pass: recognises its compression, inflates, hashes, extracts below a directory, and writes the
    /// split record.
    /// </summary>
    /// <param name="source">The layer's tar, plain or compressed. Read forward only; not closed.</param>
    /// <param name="directory">The layer's own directory; empty, or for <see cref="WhiteoutForm.Absent"/> holding the parent's copy. Stays the caller's.</param>
    /// <param name="options">What is known of the layer, and the form in which it is kept.</param>
    /// <param name="splitRecord">Receives the split record; not closed, not flushed to disk. Null when the tar is never wanted back.</param>
    /// <param name="progress">Receives the number of bytes of <paramref name="source"/> read so far; may be null.</param>
    /// <param name="cancellationToken">Stops between two blocks. What was extracted stays: the caller removes the directory.</param>
    /// <exception cref="StrakeException">
    /// Invalid: not a tar, damaged, leading out of the directory; names the entry. TooLarge: over a limit. DataLoss: not what
    /// <see cref="LayerApplyOptions.Expected"/> says. Exhausted: no space or inodes left; names the file system.
    /// </exception>
    public static Task<AppliedLayer> ApplyAsync(
        Stream source, SafeFileHandle directory, LayerApplyOptions options, Stream? splitRecord, IProgress<long>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
