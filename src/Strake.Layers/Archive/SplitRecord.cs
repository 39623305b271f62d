using Microsoft.Win32.SafeHandles;
using Strake.Images;

namespace Strake.Layers.Archive;

/// <summary>What of a layer's tar is not in its files: with them, it gives the tar back byte for byte.</summary>
public static class SplitRecord
{
    /// <summary>Writes the tar from which a layer was made.</summary>
    /// <param name="record">A whole split record; seekable, read from its start.</param>
    /// <param name="directory">The layer's own directory.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <returns>The DiffID, which the written bytes were verified against.</returns>
    /// <exception cref="StrakeException">DataLoss: a file was changed or is gone, or the record is damaged; names it. The target then holds a part.</exception>
    public static Task<DiffId> WriteTarAsync(Stream record, SafeFileHandle directory, Stream target, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
