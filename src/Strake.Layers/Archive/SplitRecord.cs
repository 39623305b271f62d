using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Layers.Archive.Split;

namespace Strake.Layers.Archive;

/// <summary>What of a layer's tar is not in its files: with them, it gives the tar back byte for byte.</summary>
public static class SplitRecord
{
    /// <summary>Writes the tar from which a layer was made.</summary>
    /// <param name="record">A whole split record; seekable, read from its start.</param>
    /// <param name="directory">The layer's own directory.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="temporary">
    /// Opens a new file, which is disposed at the end; called for archives with a name twice alone. It holds as much as the files that
    /// were replaced, at most the length of the tar.
    /// </param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <returns>The DiffID, which the written bytes were verified against.</returns>
    /// <exception cref="StrakeException">DataLoss: a file was changed or is gone, or the record is damaged; names it. The target then holds a part.</exception>
    public static async Task<DiffId> WriteTarAsync(
        Stream record, SafeFileHandle directory, Stream target, Func<Stream> temporary, CancellationToken cancellationToken)
    {
        var trailer = await SplitTrailer.OfAsync(record, cancellationToken);
        await using var displaced = trailer.Displaced == 0 ? null : await DisplacedFiles.GatherAsync(record, trailer, temporary(), cancellationToken);
        await using var reader = await SplitRecordReader.OpenAsync(record, trailer, cancellationToken);
        using var restore = new TarRestore(directory, target, displaced);
        return await restore.RunAsync(reader, trailer, cancellationToken);
    }

    /// <summary>The DiffID and the length of the tar that a record gives back, without reading it.</summary>
    /// <param name="record">A whole split record; seekable.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="StrakeException">DataLoss: it is no record, or not a whole one.</exception>
    public static async Task<(DiffId DiffId, long TarSizeBytes)> ReadTrailerAsync(Stream record, CancellationToken cancellationToken)
    {
        var trailer = await SplitTrailer.OfAsync(record, cancellationToken);
        return (trailer.DiffId, trailer.TarLength);
    }

    /// <summary>Reads a record to its end without its layer's files: its form and its checksums.</summary>
    /// <param name="record">A whole split record; seekable.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="StrakeException">DataLoss: it is damaged.</exception>
    public static async Task VerifyAsync(Stream record, CancellationToken cancellationToken)
    {
        var trailer = await SplitTrailer.OfAsync(record, cancellationToken);
        await using var reader = await SplitRecordReader.OpenAsync(record, trailer, cancellationToken);
        long references = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.Operation == SplitFormat.File) references++;
            else await reader.SkipAsync(cancellationToken);
        }

        if (references != trailer.References) throw SplitTrailer.Damaged($"it has {references} references where it should have {trailer.References}");
    }
}
