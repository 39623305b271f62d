namespace Strake.Layers.Archive.Split;

/// <summary>
/// The contents that a record holds of files that the tar itself replaced, gathered in a temporary file: a record has them only after the
/// place where they are wanted. Archives with a name twice are rare, and this is only made for them.
/// </summary>
sealed class DisplacedFiles : IAsyncDisposable
{
    const int BufferSize = 64 * 1024;

    readonly Dictionary<long, (long Start, long Length)> _places = [];
    readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), "strake-displaced-" + Path.GetRandomFileName()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        });

    /// <summary>Gathers them from a record.</summary>
    public static async Task<DisplacedFiles> GatherAsync(Stream record, SplitTrailer trailer, CancellationToken cancellationToken)
    {
        var files = new DisplacedFiles();
        try
        {
            await using var reader = await SplitRecordReader.OpenAsync(record, trailer, cancellationToken);
            var buffer = new byte[BufferSize];
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.Operation == SplitFormat.File) continue;
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
    public (FileStream File, long Start)? Find(long reference, long length) =>
        !_places.TryGetValue(reference, out var place) ? null
        : place.Length == length ? (_file, place.Start)
        : throw SplitTrailer.Damaged("a displaced file of another length");

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
