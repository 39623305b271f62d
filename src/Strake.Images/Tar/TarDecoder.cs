using System.Runtime.CompilerServices;

namespace Strake.Images.Tar;

/// <summary>
/// Takes a tar apart, fed piece by piece. It does no I/O and keeps nothing of the content: the caller owns the input and learns of each
/// stretch of it whether it is structure (headers, padding, end marker) or content. Structure and content together are the archive, byte
/// for byte.
/// </summary>
/// <remarks>
/// Understands V7, ustar, star, pax and GNU headers, with sparse files in all four forms. Where the formats leave a choice it chooses as
/// Go's archive/tar does, because that is what other engines read layers with, and one digest must mean one content everywhere: a global
/// pax header applies to nothing, an empty pax value leaves the header's, a GNU long name goes before a pax path.
/// <example><code>
/// var decoder = new TarDecoder(TarLimits.Default);
/// while ((input = await NextAsync()).Length > 0)                                  // pieces of any length
///     while (decoder.Read(input, out int consumed) is var token and not TarToken.NeedInput)
///     {
///         if (token == TarToken.Entry) Open(decoder.Entry);
///         input = input[consumed..];
///     }
/// decoder.Complete();
/// </code></example>
/// </remarks>
public sealed class TarDecoder
{
    readonly TarLimits _limits;
    readonly byte[] _block = new byte[TarHeader.BlockSize];
    int _blockFilled;
    State _state = State.Header;
    TarEntry? _entry;

    // Extensions that the next entry gets.
    PaxRecords? _pax;
    byte[]? _longName;
    byte[]? _longLink;

    // The body of an extension header, or a sparse map, while it is gathered.
    byte[] _body = [];
    int _bodyFilled;
    int _bodyNewlines;
    byte _bodyType;
    readonly List<TarExtent> _oldSparse = [];

    long _dataLeft;
    int _padding;
    int _extent;
    long _extentUsed;
    bool _zeroBlock;

    enum State
    {
        Header,
        ExtensionBody,
        OldSparseBlocks,
        SparseText,
        Data,
        Padding,
        Trailer,
    }

    /// <summary>A decoder at the start of an archive.</summary>
    /// <param name="limits">What it may take into memory.</param>
    public TarDecoder(TarLimits limits) => _limits = limits;

    /// <summary>The entry that <see cref="TarToken.Entry"/> announced last.</summary>
    public TarEntry Entry => _entry ?? throw new InvalidOperationException("No entry was read yet.");

    /// <summary>Where in the file the last <see cref="TarToken.Content"/> belongs; bytes. Differs from a running count in sparse files.</summary>
    public long ContentOffset { get; private set; }

    /// <summary>How many bytes were consumed in all.</summary>
    public long Position { get; private set; }

    /// <summary>How many entries were announced.</summary>
    public long EntryCount { get; private set; }

    /// <summary>Whether the end marker was seen. An archive without one is accepted where an entry could start, as others do.</summary>
    public bool EndSeen => _state == State.Trailer;

    /// <summary>
    /// Reads on to the next thing that there is to tell. Call it until it answers <see cref="TarToken.NeedInput"/>, which uses up the input;
    /// the end of an entry may be told without using any.
    /// </summary>
    /// <param name="input">What follows the bytes consumed so far; any length.</param>
    /// <param name="consumed">How much of it was used; the rest must be given again.</param>
    /// <exception cref="StrakeException">Invalid: not a tar, damaged, or over a limit; names the entry and the offset.</exception>
    public TarToken Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        if (_state == State.Data) return ReadData(input, ref consumed);
        TarToken? token = null;
        while (token is null && consumed < input.Length)
        {
            switch (_state)
            {
                case State.Padding:
                    SkipPadding(input, ref consumed);
                    break;
                case State.Trailer:
                    Consume(input.Length - consumed, ref consumed);
                    return TarToken.Trailer;
                default:
                    if (TakeBlock(input, ref consumed, out var block)) token = ReadBlock(block);
                    break;
            }
        }
        return token ?? TarToken.NeedInput;
    }

    /// <summary>Says that there is no more input, after <see cref="Read"/> has answered <see cref="TarToken.NeedInput"/>.</summary>
    /// <exception cref="StrakeException">Invalid: the archive ends in the middle of something.</exception>
    public void Complete()
    {
        var between = _state is State.Trailer || (_state is State.Header && _blockFilled == 0 && !HasExtension);
        if (!between) throw Fault("the archive ends in the middle of it");
    }

    bool HasExtension => _pax is not null || _longName is not null || _longLink is not null;

    void Consume(int count, ref int consumed)
    {
        consumed += count;
        Position += count;
    }

    // Blocks are read where they lie; only one that is cut by the end of the input is copied.
    bool TakeBlock(ReadOnlySpan<byte> input, ref int consumed, out ReadOnlySpan<byte> block)
    {
        var rest = input[consumed..];
        if (_blockFilled == 0 && rest.Length >= TarHeader.BlockSize)
        {
            block = rest[..TarHeader.BlockSize];
            Consume(TarHeader.BlockSize, ref consumed);
            return true;
        }
        var part = Math.Min(rest.Length, TarHeader.BlockSize - _blockFilled);
        rest[..part].CopyTo(_block.AsSpan(_blockFilled));
        _blockFilled += part;
        Consume(part, ref consumed);
        block = _block;
        if (_blockFilled < TarHeader.BlockSize) return false;
        _blockFilled = 0;
        return true;
    }

    TarToken? ReadBlock(ReadOnlySpan<byte> block) => _state switch
    {
        State.Header => ReadHeader(block),
        State.ExtensionBody => ReadExtension(block),
        State.OldSparseBlocks => ReadOldSparse(block),
        State.SparseText => ReadSparseText(block),
        _ => throw new InvalidOperationException($"No block is read in state {_state}."),
    };

    TarToken? ReadHeader(ReadOnlySpan<byte> block)
    {
        if (!block.ContainsAnyExcept((byte)0)) return ReadZeroBlock();
        if (_zeroBlock) throw Fault("it follows half an end marker");
        var header = new TarHeader(block);
        _entry = null;
        if (!header.ChecksumMatches) throw Fault(EntryCount == 0 ? "not a tar: the first header's checksum is wrong" : "its header's checksum is wrong");
        return header.TypeFlag switch
        {
            (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K' => StartExtension(header),
            _ => StartEntry(header),
        };
    }

    TarToken? ReadZeroBlock()
    {
        if (HasExtension) throw Fault("the archive ends after an extension header");
        if (_zeroBlock) _state = State.Trailer;
        _zeroBlock = true;
        return _state == State.Trailer ? TarToken.Trailer : null;
    }

    TarToken? StartExtension(TarHeader header)
    {
        var size = Number(header.Size, "size");
        if (size < 0 || size > _limits.MaxExtensionBytes)
            throw Fault($"an extension header of {size} bytes; the limit is {_limits.MaxExtensionBytes}");
        _bodyType = header.TypeFlag;
        _dataLeft = size;
        _bodyFilled = 0;
        if (size == 0) return EndExtension();
        _state = State.ExtensionBody;
        return null;
    }

    TarToken? ReadExtension(ReadOnlySpan<byte> block)
    {
        var part = (int)Math.Min(_dataLeft, block.Length);
        Gather(block[..part]);
        _dataLeft -= part;
        return _dataLeft == 0 ? EndExtension() : null;
    }

    void Gather(ReadOnlySpan<byte> bytes)
    {
        if (_bodyFilled + bytes.Length > _body.Length) Array.Resize(ref _body, Math.Max(_bodyFilled + bytes.Length, Math.Max(1024, 2 * _body.Length)));
        bytes.CopyTo(_body.AsSpan(_bodyFilled));
        _bodyFilled += bytes.Length;
    }

    TarToken? EndExtension()
    {
        _state = State.Header;
        var body = _body.AsSpan(0, _bodyFilled);
        switch (_bodyType)
        {
            case (byte)'L':
                _longName = LongName(body);
                break;
            case (byte)'K':
                _longLink = LongName(body);
                break;
            default:
                var fault = PaxRecords.Parse(body, _limits, out var records);
                if (fault is not null) throw Fault(fault);
                // A global header is checked and applies to nothing; see the remarks above. As in Go, it also drops what came before it.
                _pax = _bodyType == 'x' ? records : null;
                if (_bodyType == 'g') _longName = _longLink = null;
                break;
        }
        return null;
    }

    byte[] LongName(ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)0);
        var name = end < 0 ? body : body[..end];
        return name.Length <= _limits.MaxNameBytes ? name.ToArray() : throw Fault($"a name of {name.Length} bytes; the limit is {_limits.MaxNameBytes}");
    }

    TarToken? StartEntry(TarHeader header)
    {
        var name = _longName ?? _pax?.Path ?? header.Name();
        // Set before the checks, so that they can name the entry.
        _entry = new TarEntry { Name = name, Type = EntryType(header.TypeFlag, name), TypeFlag = header.TypeFlag };
        var hasContent = _entry.Type is TarEntryType.Regular or TarEntryType.Other;
        var size = _pax?.Size ?? Number(header.Size, "size");
        if (size is < 0 or > long.MaxValue - TarHeader.BlockSize) throw Fault($"a size of {size} bytes");
        var isDevice = _entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        var entry = _entry with
        {
            LinkName = _entry.Type is TarEntryType.HardLink or TarEntryType.SymbolicLink ? _longLink ?? _pax?.LinkPath ?? header.LinkName.ToArray() : default,
            Mode = (UnixFileMode)(Number(header.Mode, "mode") & 0xFFF),
            Uid = _pax?.Uid ?? Number(header.Uid, "uid"),
            Gid = _pax?.Gid ?? Number(header.Gid, "gid"),
            UserName = _pax?.UserName ?? header.UserName.ToArray(),
            GroupName = _pax?.GroupName ?? header.GroupName.ToArray(),
            SizeBytes = hasContent ? size : 0,
            ModifiedTime = _pax?.ModifiedTime ?? new TarTime(Number(header.ModifiedTime, "mtime")),
            DeviceMajor = isDevice ? Device(header.DeviceMajor) : 0,
            DeviceMinor = isDevice ? Device(header.DeviceMinor) : 0,
            Xattrs = _pax?.Xattrs ?? [],
        };
        _dataLeft = hasContent ? size : 0;
        _padding = Padding(_dataLeft);
        return header.TypeFlag == 'S' ? StartOldSparse(header, entry) : StartSparse(entry);
    }

    static TarEntryType EntryType(byte flag, ReadOnlySpan<byte> name) => flag switch
    {
        // V7 knew no directories: a name with a slash at its end was one.
        0 => name.EndsWith("/"u8) ? TarEntryType.Directory : TarEntryType.Regular,
        (byte)'0' or (byte)'7' or (byte)'S' => TarEntryType.Regular,
        >= (byte)'1' and <= (byte)'6' => (TarEntryType)flag,
        _ => TarEntryType.Other,
    };

    static int Padding(long size) => (int)(-size & (TarHeader.BlockSize - 1));

    long Number(ReadOnlySpan<byte> field, string what) => TarNumber.TryParse(field, out var number) ? number : throw Fault($"a {what} that is not a number");

    uint Device(ReadOnlySpan<byte> field)
    {
        var number = Number(field, "device number");
        return number is >= 0 and <= uint.MaxValue ? (uint)number : throw Fault($"a device number of {number}");
    }

    TarToken? StartOldSparse(TarHeader header, TarEntry entry)
    {
        var size = Number(header.RealSize, "size");
        if (!header.IsGnu || size < 0) throw Fault("a sparse header that is not GNU's");
        _entry = entry with { SizeBytes = size };
        _oldSparse.Clear();
        AddOldSparse(header.SparseEntries);
        if (!header.SparseGoesOn) return EndOldSparse();
        _state = State.OldSparseBlocks;
        return null;
    }

    TarToken? ReadOldSparse(ReadOnlySpan<byte> block)
    {
        AddOldSparse(OldSparseMap.Entries(block));
        return OldSparseMap.GoesOn(block) ? null : EndOldSparse();
    }

    void AddOldSparse(ReadOnlySpan<byte> entries)
    {
        if (OldSparseMap.Read(entries, _limits, _oldSparse) is { } fault) throw Fault(fault);
    }

    TarToken EndOldSparse() => Announce(Entry with { Extents = CheckMap([.. _oldSparse], Entry.SizeBytes) });

    TarToken? StartSparse(TarEntry entry)
    {
        if (entry.Type != TarEntryType.Regular || _pax is not { } pax) return Announce(entry);
        var textual = pax.SparseVersion is (1, 0);
        var map = pax.SparseVersion is (null, null) or (0, 0 or 1) ? pax.SparseMap : null;
        if (!textual && map is null) return Announce(entry);
        _entry = entry = entry with { Name = pax.SparseName ?? entry.Name, SizeBytes = pax.SparseSize ?? entry.SizeBytes };
        if (!textual)
        {
            if (pax.SparseCount is { } count && count != map!.Count) throw Fault($"a sparse map of {map.Count} extents where {count} are announced");
            return Announce(entry with { Extents = CheckMap(map!, entry.SizeBytes) });
        }
        _bodyFilled = _bodyNewlines = 0;
        _state = State.SparseText;
        return null;
    }

    TarToken? ReadSparseText(ReadOnlySpan<byte> block)
    {
        _dataLeft -= block.Length;
        if (_dataLeft < 0 || _bodyFilled + block.Length > _limits.MaxExtensionBytes) throw Fault("a sparse map that does not end");
        Gather(block);
        _bodyNewlines += block.Count((byte)'\n');
        var text = _body.AsSpan(0, _bodyFilled);
        if (!SparseMap.IsWhole(text, _bodyNewlines, _limits)) return null;
        if (!SparseMap.TryRead(text, _limits, out var extents, out var fault)) throw Fault(fault ?? "a sparse map that does not end");
        return Announce(Entry with { Extents = CheckMap(extents, Entry.SizeBytes) });
    }

    IReadOnlyList<TarExtent> CheckMap(IReadOnlyList<TarExtent> extents, long fileSize) =>
        SparseMap.Check(extents, fileSize, _dataLeft) is { } fault ? throw Fault(fault) : extents;

    TarToken Announce(TarEntry entry)
    {
        _entry = entry;
        if (entry.Name.IsEmpty) throw Fault("it has no name");
        if (entry.Name.Length > _limits.MaxNameBytes) throw Fault($"a name of {entry.Name.Length} bytes; the limit is {_limits.MaxNameBytes}");
        _pax = null;
        _longName = _longLink = null;
        if (_body.Length > 64 * 1024) _body = [];
        _extent = 0;
        _extentUsed = 0;
        ContentOffset = 0;
        _state = State.Data;
        EntryCount++;
        return TarToken.Entry;
    }

    TarToken ReadData(ReadOnlySpan<byte> input, ref int consumed)
    {
        if (_dataLeft == 0)
        {
            _state = _padding == 0 ? State.Header : State.Padding;
            return TarToken.EntryEnd;
        }
        if (input.IsEmpty) return TarToken.NeedInput;
        var offset = _extentUsed;
        var length = _dataLeft;
        if (Entry.Extents is { } extents)
        {
            while (extents[_extent].Length == _extentUsed) (_extent, _extentUsed) = (_extent + 1, 0);
            offset = extents[_extent].Offset + _extentUsed;
            length = extents[_extent].Length - _extentUsed;
        }
        var part = (int)Math.Min(input.Length, length);
        ContentOffset = offset;
        _extentUsed += part;
        _dataLeft -= part;
        Consume(part, ref consumed);
        return TarToken.Content;
    }

    void SkipPadding(ReadOnlySpan<byte> input, ref int consumed)
    {
        var part = Math.Min(_padding, input.Length - consumed);
        _padding -= part;
        Consume(part, ref consumed);
        if (_padding == 0) _state = State.Header;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    StrakeException Fault(string reason)
    {
        var name = _entry is not null ? $" ({_entry.DisplayName})" : "";
        return StrakeException.Invalid($"tar entry {EntryCount + (_state == State.Data ? 0 : 1)}{name}, at byte {Position}: {reason}");
    }
}
