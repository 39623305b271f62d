using System.Buffers;
using System.Globalization;
using System.Text;

namespace Strake.Images.Tar;

/// <summary>
/// Writes the headers of entries, the same bytes for the same entry everywhere. A plain ustar header where that can hold the entry, and a
/// pax header before it for what it cannot, as Go's archive/tar chooses: names beyond ASCII or 100 and 155 bytes, large numbers, parts of
/// a second, extended attributes.
/// </summary>
public static class TarEncoder
{
    const int BlockSize = TarHeader.BlockSize;
    const int NameLength = 100;
    const int PrefixLength = 155;

    /// <summary>The end marker: two blocks of zeros; bytes.</summary>
    public const int EndMarkerSizeBytes = 2 * BlockSize;

    /// <summary>How many zeros follow a content of that length; bytes.</summary>
    /// <param name="sizeBytes">The length of the content.</param>
    public static int PaddingSizeBytes(long sizeBytes) => (int)(-sizeBytes & (BlockSize - 1));

    /// <summary>Writes all headers of an entry. Its content, padded to 512, comes next.</summary>
    /// <param name="entry">What to write; <see cref="TarEntryType.Other"/> is refused.</param>
    /// <param name="target">Receives one or several whole blocks.</param>
    /// <exception cref="ArgumentException">The entry cannot stand in a tar: no name, a NUL in a name, a negative size.</exception>
    public static void Encode(TarEntry entry, IBufferWriter<byte> target)
    {
        Require(entry);
        var fitsName = TrySplit(entry.Name.Span, out var prefix, out var name);
        var records = PaxRecords(entry, fitsName);
        if (records.Length > 0) WritePaxHeader(entry, records, target);
        var block = NewBlock(target);
        Put(block[..NameLength], fitsName ? name : Ascii(entry.Name.Span, NameLength));
        Put(block.Slice(345, PrefixLength), fitsName ? prefix : default);
        Put(block.Slice(157, NameLength), IsAscii(entry.LinkName.Span) && entry.LinkName.Length <= NameLength ? entry.LinkName.Span : Ascii(entry.LinkName.Span, NameLength));
        PutNumber(block.Slice(100, 8), (long)entry.Mode);
        PutNumber(block.Slice(108, 8), entry.Uid);
        PutNumber(block.Slice(116, 8), entry.Gid);
        PutNumber(block.Slice(124, 12), entry.SizeBytes);
        PutNumber(block.Slice(136, 12), entry.ModifiedTime.Seconds);
        Put(block.Slice(265, 31), FitsUserName(entry.UserName.Span) ? entry.UserName.Span : default);
        Put(block.Slice(297, 31), FitsUserName(entry.GroupName.Span) ? entry.GroupName.Span : default);
        PutNumber(block.Slice(329, 8), entry.DeviceMajor);
        PutNumber(block.Slice(337, 8), entry.DeviceMinor);
        Finish(block, (byte)entry.Type, target);
    }

    static void Require(TarEntry entry)
    {
        if (entry.Type == TarEntryType.Other) throw new ArgumentException("An entry of an unknown type cannot be written.", nameof(entry));
        if (entry.Name.IsEmpty || entry.Name.Span.Contains((byte)0)) throw new ArgumentException("An entry's name is empty or holds a NUL.", nameof(entry));
        if (entry.LinkName.Span.Contains((byte)0)) throw new ArgumentException("An entry's link name holds a NUL.", nameof(entry));
        ArgumentOutOfRangeException.ThrowIfNegative(entry.SizeBytes, nameof(entry));
    }

    // ustar: a name over 100 bytes is split at a slash, what is before it goes to the prefix.
    static bool TrySplit(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> name)
    {
        prefix = default;
        name = path;
        if (!IsAscii(path)) return false;
        if (path.Length <= NameLength) return true;
        // A slash at the very end does not split; else the name would be empty.
        var candidates = path[..Math.Min(path.Length - 1, PrefixLength + 1)];
        var slash = candidates.LastIndexOf((byte)'/');
        if (slash <= 0 || path.Length - slash - 1 > NameLength) return false;
        prefix = path[..slash];
        name = path[(slash + 1)..];
        return true;
    }

    static byte[] PaxRecords(TarEntry entry, bool fitsName)
    {
        var records = new SortedDictionary<byte[], ReadOnlyMemory<byte>>(ByteOrder.Instance);
        void Add(string key, ReadOnlyMemory<byte> value) => records[Encoding.ASCII.GetBytes(key)] = value;
        void AddText(string key, string value) => Add(key, Encoding.ASCII.GetBytes(value));
        void AddNumber(string key, long value, int fieldLength)
        {
            if (!TarNumber.FitsOctal(value, fieldLength)) AddText(key, value.ToString(CultureInfo.InvariantCulture));
        }

        if (!fitsName) Add("path", entry.Name);
        if (!IsAscii(entry.LinkName.Span) || entry.LinkName.Length > NameLength) Add("linkpath", entry.LinkName);
        if (!FitsUserName(entry.UserName.Span)) Add("uname", entry.UserName);
        if (!FitsUserName(entry.GroupName.Span)) Add("gname", entry.GroupName);
        AddNumber("uid", entry.Uid, 8);
        AddNumber("gid", entry.Gid, 8);
        AddNumber("size", entry.SizeBytes, 12);
        if (entry.ModifiedTime.Nanoseconds != 0 || !TarNumber.FitsOctal(entry.ModifiedTime.Seconds, 12)) AddText("mtime", entry.ModifiedTime.ToString());
        AddNumber("SCHILY.devmajor", entry.DeviceMajor, 8);
        AddNumber("SCHILY.devminor", entry.DeviceMinor, 8);
        foreach (var xattr in entry.Xattrs) records[[.. "SCHILY.xattr."u8, .. EscapeGnu(xattr.Name.Span)]] = xattr.Value;
        return Join(records);
    }

    static byte[] Join(SortedDictionary<byte[], ReadOnlyMemory<byte>> records)
    {
        var body = new ArrayBufferWriter<byte>();
        foreach (var (key, value) in records)
        {
            // The length counts its own digits.
            var rest = key.Length + value.Length + 3;
            var length = rest + Digits(rest);
            if (rest + Digits(length) != length) length = rest + Digits(length);
            body.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            body.Write(" "u8);
            body.Write(key);
            body.Write("="u8);
            body.Write(value.Span);
            body.Write("\n"u8);
        }
        return body.WrittenSpan.ToArray();
    }

    static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    static void WritePaxHeader(TarEntry entry, byte[] records, IBufferWriter<byte> target)
    {
        var block = NewBlock(target);
        var slash = entry.Name.Span.LastIndexOf((byte)'/');
        byte[] name = [.. entry.Name.Span[..(slash + 1)], .. "PaxHeaders.0/"u8, .. entry.Name.Span[(slash + 1)..]];
        Put(block[..NameLength], Ascii(name, NameLength));
        foreach (var (start, length) in ((int, int)[])[(100, 8), (108, 8), (116, 8), (136, 12), (329, 8), (337, 8)]) PutNumber(block.Slice(start, length), 0);
        PutNumber(block.Slice(124, 12), records.Length);
        Finish(block, (byte)'x', target);
        target.Write(records);
        var padding = PaddingSizeBytes(records.Length);
        target.GetSpan(BlockSize)[..padding].Clear();
        target.Advance(padding);
    }

    static Span<byte> NewBlock(IBufferWriter<byte> target)
    {
        var block = target.GetSpan(BlockSize)[..BlockSize];
        block.Clear();
        "ustar\00000"u8[..8].CopyTo(block[257..]);
        return block;
    }

    // The checksum is six digits, a NUL and a space.
    static void Finish(Span<byte> block, byte type, IBufferWriter<byte> target)
    {
        block[156] = type;
        TarNumber.TryFormatOctal(TarHeader.Sum(block), block.Slice(TarHeader.ChecksumAt, 7));
        block[TarHeader.ChecksumAt + 7] = (byte)' ';
        target.Advance(BlockSize);
    }

    static void Put(Span<byte> field, ReadOnlySpan<byte> text) => text.CopyTo(field);

    // A number that does not fit stands in the pax header; the field then says 0.
    static void PutNumber(Span<byte> field, long number)
    {
        if (!TarNumber.TryFormatOctal(number, field)) TarNumber.TryFormatOctal(0, field);
    }

    static bool FitsUserName(ReadOnlySpan<byte> name) => name.Length <= 31 && IsAscii(name);

    static bool IsAscii(ReadOnlySpan<byte> text) => System.Text.Ascii.IsValid(text) && !text.Contains((byte)0);

    // What a reader without pax sees of a name: its ASCII characters, as many as fit.
    static byte[] Ascii(ReadOnlySpan<byte> text, int maxLength)
    {
        var ascii = new List<byte>(maxLength);
        foreach (var b in text)
        {
            if (ascii.Count == maxLength) break;
            if (b is > 0 and < 0x80) ascii.Add(b);
        }
        return [.. ascii];
    }

    // A key ends at its first '='. GNU tar writes it so in an attribute's name, and reads it back.
    static byte[] EscapeGnu(ReadOnlySpan<byte> name)
    {
        if (name.IndexOfAny((byte)'=', (byte)'%') < 0) return name.ToArray();
        var escaped = new List<byte>(name.Length + 4);
        foreach (var b in name)
        {
            if (b == '=') escaped.AddRange("%3D"u8);
            else if (b == '%') escaped.AddRange("%25"u8);
            else escaped.Add(b);
        }
        return [.. escaped];
    }

    sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
