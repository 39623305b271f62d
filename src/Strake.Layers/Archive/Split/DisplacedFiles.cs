namespace Strake.Layers.Archive.Split;

/// <summary>
/// The contents that a record holds of files that the tar itself replaced, gathered in a temporary file: a record has them only after the
/// place where they are wanted. Archives with a name twice are rare, and this is only made for them.
/// </summary>
sealed class DisplacedFiles : IAsyncDisposable
{
    const int BufferSize = 64 * 1024;

    readonly Dictionary<long, (long Start, long Length)> _places = [];
    readonly Stream _file;

    DisplacedFiles(Stream file) => _file = file;

    /// <summary>Gathers them from a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="trailer">Its end.</param>
    /// <param name="file">A new file to gather them in; disposed with the result.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public static async Task<DisplacedFiles> GatherAsync(Stream record, SplitTrailer trailer, Stream file, CancellationToken cancellationToken)
    {
        var files = new DisplacedFiles(file);
        try
        {
            await using var reader = await SplitRecordReader.OpenAsync(record, trailer, cancellationToken);
            var buffer = new byte[BufferSize];
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.Operation == SplitFormat.File) continue;
                // All of them stood in the tar: what is more would be a damaged record's own invention.
                if (reader.Operation == SplitFormat.Displaced && reader.Length > trailer.TarLength - files._file.Position)
                    throw SplitTrailer.Damaged("displaced files of more bytes than the tar has");
                if (reader.Operation == SplitFormat.Displaced) files._places[reader.Reference] = (files._file.Position, reader.Length);
                for (var left = reader.Length; left > 0;)
                {
                    var read = await reader.BytesAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
                    if (reader.Operation == SplitFormat.Displaced) await files._file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    left -= read;
                }
            }
            return files._places.Count == trailer.Displaced ? files : throw SplitTrailer.Damaged("displaced files are missing");
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    /// <summary>The content for a reference; null where the file itself has it.</summary>
    public (Stream File, long Start)? Find(long reference, long length) =>
        !_places.TryGetValue(reference, out var place) ? null
        : place.Length == length ? (_file, place.Start)
        : throw SplitTrailer.Damaged("a displaced file of another length");

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
