using System.Buffers;

namespace Strake.Images.Tar;

/// <summary>
/// Reads a tar from a stream, forward only: entry by entry, each with its content if the caller wants it. Holes of sparse files come as
/// zeros. A thin shell around <see cref="TarDecoder"/>, for archives whose content goes elsewhere than to disk as it is.
/// </summary>
/// <example><code>
/// using var tar = new TarReader(source);
/// while (await tar.ReadEntryAsync(ct) is { } entry)
///     if (entry.Name.Span.SequenceEqual("manifest.json"u8))
///         manifest = await tar.ReadAllAsync(maxBytes, ct);
/// </code></example>
public sealed class TarReader : IDisposable
{
    const int BufferSize = 128 * 1024;

    readonly Stream _source;
    readonly TarDecoder _decoder;
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int _start;
    int _end;

    // What the last Content token covers of the buffer, and how far the caller has read in the (expanded) file.
    int _contentStart;
    int _contentLength;
    long _contentOffset;
    long _filePosition;
    bool _inEntry;
    bool _contentOver;

    /// <summary>A reader at the start of an archive.</summary>
    /// <param name="source">The archive, not compressed; not closed.</param>
    /// <param name="limits">What may be taken into memory; the default when null.</param>
    public TarReader(Stream source, TarLimits? limits = null)
    {
        _source = source;
        _decoder = new TarDecoder(limits ?? TarLimits.Default);
    }

    /// <summary>Goes to the next entry, past what is left of the current one's content.</summary>
    /// <param name="cancellationToken">Cancels the read; the reader is then unusable.</param>
    /// <returns>The entry, or null at the end of the archive, when all of the source has been read.</returns>
    /// <exception cref="StrakeException">Invalid: not a tar, damaged, truncated, or over a limit; names the entry.</exception>
    public async ValueTask<TarEntry?> ReadEntryAsync(CancellationToken cancellationToken)
    {
        _contentLength = 0;
        while (true)
        {
            var token = Next(out _);
            if (token == TarToken.Entry)
            {
                (_inEntry, _contentOver, _filePosition) = (true, false, 0);
                return _decoder.Entry;
            }
            if (token == TarToken.NeedInput && !await FillAsync(cancellationToken))
            {
                _decoder.Complete();
                _inEntry = false;
                return null;
            }
        }
    }

    /// <summary>Reads on in the current entry's content.</summary>
    /// <param name="target">Receives bytes; not empty.</param>
    /// <param name="cancellationToken">Cancels the read; the reader is then unusable.</param>
    /// <returns>How many bytes came; 0 at the end of the content.</returns>
    /// <exception cref="StrakeException">Invalid: the archive is truncated.</exception>
    public async ValueTask<int> ReadContentAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (!_inEntry) throw new InvalidOperationException("There is no current entry.");
        while (_contentLength == 0 && !_contentOver)
        {
            switch (Next(out var consumed))
            {
                case TarToken.Content:
                    (_contentStart, _contentLength, _contentOffset) = (_start - consumed, consumed, _decoder.ContentOffset);
                    break;
                case TarToken.EntryEnd:
                    _contentOver = true;
                    _contentOffset = _decoder.Entry.SizeBytes;
                    break;
                default:
                    if (!await FillAsync(cancellationToken)) _decoder.Complete();
                    break;
            }
        }
        return _filePosition < _contentOffset ? ReadHole(target.Span) : ReadData(target.Span);
    }

    /// <summary>Reads all content of the current entry.</summary>
    /// <param name="maxBytes">The most that the caller takes.</param>
    /// <param name="cancellationToken">Cancels the read; the reader is then unusable.</param>
    /// <exception cref="StrakeException">Invalid: the archive is truncated. TooLarge: the entry is over <paramref name="maxBytes"/>.</exception>
    public async ValueTask<byte[]> ReadAllAsync(int maxBytes, CancellationToken cancellationToken)
    {
        var entry = _decoder.Entry;
        if (entry.SizeBytes > maxBytes) throw StrakeException.TooLarge($"{entry.DisplayName} has {entry.SizeBytes} bytes; the limit is {maxBytes}");
        var content = new byte[entry.SizeBytes];
        for (var read = 0; read < content.Length;) read += await ReadContentAsync(content.AsMemory(read), cancellationToken);
        return content;
    }

    /// <summary>The current entry's content as a stream, forward only; valid until the next entry is read.</summary>
    public Stream OpenContent() => new TarContentStream(this);

    /// <summary>Gives the buffer back. The source stays open.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    TarToken Next(out int consumed)
    {
        var token = _decoder.Read(_buffer.AsSpan(_start, _end - _start), out consumed);
        _start += consumed;
        return token;
    }

    async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = 0;
        _end = await _source.ReadAsync(_buffer, cancellationToken);
        return _end > 0;
    }

    int ReadHole(Span<byte> target)
    {
        var part = (int)Math.Min(target.Length, _contentOffset - _filePosition);
        target[..part].Clear();
        _filePosition += part;
        return part;
    }

    int ReadData(Span<byte> target)
    {
        var part = Math.Min(target.Length, _contentLength);
        _buffer.AsSpan(_contentStart, part).CopyTo(target);
        _contentStart += part;
        _contentLength -= part;
        _contentOffset += part;
        _filePosition += part;
        return part;
    }
}
