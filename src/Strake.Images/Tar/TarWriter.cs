using System.Buffers;

namespace Strake.Images.Tar;

/// <summary>
/// Writes a tar to a stream, forward only: an entry, its content, the next entry. The same entries give the same bytes (see
/// <see cref="TarEncoder"/>).
/// </summary>
/// <example><code>
/// var tar = new TarWriter(target);
/// await tar.WriteFileAsync("manifest.json"u8.ToArray(), json, ct);
/// await tar.WriteEntryAsync(new TarEntry { Name = name, Type = TarEntryType.Regular, SizeBytes = length }, ct);
/// await tar.WriteContentAsync(part, ct);      // as often as it takes
/// await tar.CompleteAsync(ct);
/// </code></example>
public sealed class TarWriter
{
    const int FlushAt = 64 * 1024;

    readonly Stream _target;
    readonly ArrayBufferWriter<byte> _pending = new(FlushAt + 4096);
    long _contentLeft;
    int _padding;

    /// <summary>A writer at the start of an archive.</summary>
    /// <param name="target">Receives the archive; not closed.</param>
    public TarWriter(Stream target) => _target = target;

    /// <summary>Writes the headers of an entry.</summary>
    /// <param name="entry">The entry; exactly its <see cref="TarEntry.SizeBytes"/> of content must follow.</param>
    /// <param name="cancellationToken">Cancels the write; the archive is then unusable.</param>
    /// <exception cref="InvalidOperationException">The entry before has not all of its content yet.</exception>
    public async ValueTask WriteEntryAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        EndEntry();
        TarEncoder.Encode(entry, _pending);
        _contentLeft = entry.SizeBytes;
        _padding = TarEncoder.PaddingSizeBytes(entry.SizeBytes);
        if (_pending.WrittenCount >= FlushAt) await FlushAsync(cancellationToken);
    }

    /// <summary>Writes content of the current entry.</summary>
    /// <param name="content">The next bytes; the buffer may be used again on return.</param>
    /// <param name="cancellationToken">Cancels the write; the archive is then unusable.</param>
    /// <exception cref="InvalidOperationException">It is more than the entry announced.</exception>
    public async ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > _contentLeft) throw new InvalidOperationException($"{content.Length - _contentLeft} bytes more than the entry's size.");
        _contentLeft -= content.Length;
        if (_pending.WrittenCount + content.Length <= FlushAt)
        {
            _pending.Write(content.Span);
            return;
        }
        await FlushAsync(cancellationToken);
        await _target.WriteAsync(content, cancellationToken);
    }

    /// <summary>Writes a small regular file: root's, mode 0644, of the year 1970, so that equal content gives equal bytes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellationToken">Cancels the write; the archive is then unusable.</param>
    public async ValueTask WriteFileAsync(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        await WriteEntryAsync(new TarEntry { Name = name, Type = TarEntryType.Regular, Mode = Mode, SizeBytes = content.Length }, cancellationToken);
        await WriteContentAsync(content, cancellationToken);
    }

    /// <summary>Ends the archive with its end marker and hands everything to the target. Nothing may be written after it.</summary>
    /// <param name="cancellationToken">Cancels the write; the archive is then unusable.</param>
    /// <exception cref="InvalidOperationException">The last entry has not all of its content yet.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        EndEntry();
        PutZeros(TarEncoder.EndMarkerSizeBytes);
        await FlushAsync(cancellationToken);
        await _target.FlushAsync(cancellationToken);
    }

    void EndEntry()
    {
        if (_contentLeft > 0) throw new InvalidOperationException($"The entry lacks {_contentLeft} bytes of its content.");
        PutZeros(_padding);
        _padding = 0;
    }

    void PutZeros(int count)
    {
        _pending.GetSpan(count)[..count].Clear();
        _pending.Advance(count);
    }

    async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _target.WriteAsync(_pending.WrittenMemory, cancellationToken);
        _pending.ResetWrittenCount();
    }
}
