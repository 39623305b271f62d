using System.Buffers.Text;

namespace Strake.Images.Tar;

/// <summary>
/// The records of one pax header, those that mean something to us (<c>pax(1)</c>, "pax Extended Header"; GNU tar's manual, "Storing
/// Sparse Files"). A record with an empty value takes nothing away from the header block, as in Go's archive/tar.
/// </summary>
sealed class PaxRecords
{
    readonly List<TarXattr> _xattrs = [];
    readonly List<TarExtent> _sparse = [];
    readonly TarLimits _limits;
    long? _sparseOffset;
    bool _hasMap;

    PaxRecords(TarLimits limits) => _limits = limits;

    public byte[]? Path { get; private set; }

    public byte[]? LinkPath { get; private set; }

    public byte[]? UserName { get; private set; }

    public byte[]? GroupName { get; private set; }

    public long? Uid { get; private set; }

    public long? Gid { get; private set; }

    public long? Size { get; private set; }

    public TarTime? ModifiedTime { get; private set; }

    public IReadOnlyList<TarXattr> Xattrs => _xattrs;

    /// <summary>GNU.sparse.major and minor; 1.0 keeps the map before the content.</summary>
    public (long? Major, long? Minor) SparseVersion { get; private set; }

    public byte[]? SparseName { get; private set; }

    public long? SparseSize { get; private set; }

    public long? SparseCount { get; private set; }

    /// <summary>The map of the versions 0.0 and 0.1.</summary>
    public IReadOnlyList<TarExtent>? SparseMap => _sparse.Count == 0 && SparseCount is not 0 ? null : _sparse;

    /// <summary>Parses the body of a header of type x. Returns what is wrong, or null.</summary>
    public static string? Parse(ReadOnlySpan<byte> body, TarLimits limits, out PaxRecords records)
    {
        records = new PaxRecords(limits);
        while (!body.IsEmpty)
        {
            // "%d %s=%s\n", <length>, <keyword>, <value>: the length counts the whole record, itself and the newline included.
            if (!Utf8Parser.TryParse(body, out int length, out var digits) || body[0] is (byte)'+' or (byte)'-') return "a pax record without its length";
            if (digits >= body.Length || body[digits] != ' ') return "a pax record without its length";
            if (length <= digits + 1 || length > body.Length || body[length - 1] != '\n') return "a pax record with a wrong length";
            var record = body[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0) return "a pax record without a keyword";
            var fault = records.Take(record[..equals], record[(equals + 1)..]);
            if (fault is not null) return fault;
            body = body[length..];
        }
        return records._sparseOffset is null ? null : "a sparse map with an offset that has no length";
    }

    string? Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith("SCHILY.xattr."u8)) return TakeXattr(UnescapeGnu(key["SCHILY.xattr.".Length..]), value.ToArray());
        if (key.StartsWith("LIBARCHIVE.xattr."u8)) return TakeLibarchiveXattr(key["LIBARCHIVE.xattr.".Length..], value);
        if (value.IsEmpty) return null;
        if (key.StartsWith("GNU.sparse."u8)) return TakeSparse(key["GNU.sparse.".Length..], value);
        return key switch
        {
            _ when key.SequenceEqual("path"u8) => TakeName(value, n => Path = n, "path"),
            _ when key.SequenceEqual("linkpath"u8) => TakeName(value, n => LinkPath = n, "linkpath"),
            _ when key.SequenceEqual("uname"u8) => TakeName(value, n => UserName = n, "uname"),
            _ when key.SequenceEqual("gname"u8) => TakeName(value, n => GroupName = n, "gname"),
            _ when key.SequenceEqual("uid"u8) => TakeNumber(value, n => Uid = n, "uid"),
            _ when key.SequenceEqual("gid"u8) => TakeNumber(value, n => Gid = n, "gid"),
            _ when key.SequenceEqual("size"u8) => TakeNumber(value, n => Size = n, "size"),
            _ when key.SequenceEqual("mtime"u8) => TakeTime(value),
            // atime, ctime, comment, hdrcharset (our names are bytes), SCHILY.dev and the like: of no use here.
            _ => null,
        };
    }

    string? TakeName(ReadOnlySpan<byte> value, Action<byte[]> keep, string what)
    {
        if (value.Contains((byte)0)) return $"a {what} that holds a NUL";
        if (value.Length > _limits.MaxNameBytes) return $"a {what} of {value.Length} bytes; the limit is {_limits.MaxNameBytes}";
        keep(value.ToArray());
        return null;
    }

    static string? TakeNumber(ReadOnlySpan<byte> value, Action<long> keep, string what)
    {
        if (!TryParseNumber(value, out var number)) return $"a {what} that is not a number";
        keep(number);
        return null;
    }

    string? TakeTime(ReadOnlySpan<byte> value)
    {
        if (!TryParseTime(value, out var time)) return "an mtime that is not a time";
        ModifiedTime = time;
        return null;
    }

    string? TakeXattr(byte[] name, byte[] value)
    {
        if (name.Length is 0 or > 255 || name.Contains((byte)0)) return "an extended attribute with a wrong name";
        if (value.Length > _limits.MaxXattrValueBytes) return $"an extended attribute of {value.Length} bytes; the limit is {_limits.MaxXattrValueBytes}";
        // The last one of a name wins, as with every record. libarchive writes each attribute in both forms.
        var known = _xattrs.FindIndex(x => x.Name.Span.SequenceEqual(name));
        if (known >= 0) _xattrs[known] = new TarXattr(name, value);
        else if (_xattrs.Count == _limits.MaxXattrs) return $"more than {_limits.MaxXattrs} extended attributes";
        else _xattrs.Add(new TarXattr(name, value));
        return null;
    }

    // libarchive: the name is URL-encoded, the value base64, mostly without padding.
    string? TakeLibarchiveXattr(ReadOnlySpan<byte> encodedName, ReadOnlySpan<byte> encodedValue)
    {
        const string Fault = "a LIBARCHIVE.xattr record that cannot be decoded";
        if (!TryUnescapeUrl(encodedName, out var name)) return Fault;
        var text = encodedValue.TrimEnd((byte)'=');
        byte[] padded = [.. text, .. "==="u8[..((4 - (text.Length % 4)) % 4)]];
        var value = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        if (Base64.DecodeFromUtf8(padded, value, out _, out var written) != System.Buffers.OperationStatus.Done) return Fault;
        return TakeXattr(name, value[..written]);
    }

    string? TakeSparse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("name"u8)) return TakeName(value, n => SparseName = n, "GNU.sparse.name");
        if (key.SequenceEqual("map"u8)) return TakeSparseMap(value);
        if (!TryParseNumber(value, out var number)) return "a GNU.sparse record that is not a number";
        if (key.SequenceEqual("major"u8)) SparseVersion = SparseVersion with { Major = number };
        else if (key.SequenceEqual("minor"u8)) SparseVersion = SparseVersion with { Minor = number };
        else if (key.SequenceEqual("size"u8) || key.SequenceEqual("realsize"u8)) SparseSize = number;
        else if (key.SequenceEqual("numblocks"u8)) SparseCount = number;
        else if (key.SequenceEqual("offset"u8)) return TakeSparseOffset(number);
        else if (key.SequenceEqual("numbytes"u8)) return TakeSparseLength(number);
        return null;
    }

    // Version 0.0: pairs of records, offset and numbytes, repeated.
    string? TakeSparseOffset(long offset)
    {
        if (_sparseOffset is not null) return "a sparse map with two offsets in a row";
        _sparseOffset = offset;
        return null;
    }

    string? TakeSparseLength(long length)
    {
        if (_sparseOffset is not { } offset) return "a sparse map with a length that has no offset";
        _sparseOffset = null;
        return AddExtent(offset, length);
    }

    // Version 0.1: one record, "offset,length,offset,length…".
    string? TakeSparseMap(ReadOnlySpan<byte> value)
    {
        if (_hasMap || _sparse.Count > 0) return "two sparse maps";
        _hasMap = true;
        long? offset = null;
        foreach (var range in value.Split((byte)','))
        {
            if (!TryParseNumber(value[range], out var number)) return "a sparse map that is not numbers";
            if (offset is null) offset = number;
            else if (AddExtent(offset.Value, number) is { } fault) return fault;
            else offset = null;
        }
        return offset is null ? null : "a sparse map with an offset that has no length";
    }

    string? AddExtent(long offset, long length)
    {
        if (_sparse.Count == _limits.MaxExtents) return $"a sparse file of more than {_limits.MaxExtents} extents";
        _sparse.Add(new TarExtent(offset, length));
        return null;
    }

    static bool TryParseNumber(ReadOnlySpan<byte> value, out long number) =>
        Utf8Parser.TryParse(value, out number, out var used) && used == value.Length && value[0] != '+';

    // "[-]seconds[.fraction]"; digits beyond nanoseconds are cut off.
    static bool TryParseTime(ReadOnlySpan<byte> value, out TarTime time)
    {
        time = default;
        var point = value.IndexOf((byte)'.');
        var whole = point < 0 ? value : value[..point];
        if (whole.IsEmpty || !TryParseNumber(whole, out var seconds)) return false;
        var nanoseconds = 0;
        var scale = 100_000_000;
        foreach (var digit in point < 0 ? default : value[(point + 1)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            nanoseconds += (digit - '0') * scale;
            scale /= 10;
        }
        if (whole[0] != '-' || nanoseconds == 0) time = new TarTime(seconds, nanoseconds);
        else if (seconds == long.MinValue) return false;
        else time = new TarTime(seconds - 1, 1_000_000_000 - nanoseconds);
        return true;
    }

    // GNU tar writes '=' in an attribute's name as %3D and '%' as %25, for a record's key ends at its first '='.
    static byte[] UnescapeGnu(ReadOnlySpan<byte> name)
    {
        if (!name.Contains((byte)'%')) return name.ToArray();
        var plain = new List<byte>(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            var isEquals = name[i..].StartsWith("%3D"u8);
            if (!isEquals && !name[i..].StartsWith("%25"u8))
            {
                plain.Add(name[i]);
                continue;
            }
            plain.Add(isEquals ? (byte)'=' : (byte)'%');
            i += 2;
        }
        return [.. plain];
    }

    static bool TryUnescapeUrl(ReadOnlySpan<byte> name, out byte[] plain)
    {
        var bytes = new List<byte>(name.Length);
        plain = [];
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '%')
            {
                bytes.Add(name[i]);
                continue;
            }
            if (i + 2 >= name.Length || !Utf8Parser.TryParse(name.Slice(i + 1, 2), out byte b, out var used, 'x') || used != 2) return false;
            bytes.Add(b);
            i += 2;
        }
        plain = [.. bytes];
        return true;
    }
}
