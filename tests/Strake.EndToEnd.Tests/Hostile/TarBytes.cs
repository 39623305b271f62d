using System.Globalization;
using System.Text;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>Writes a tar without judging it: any name, any type, any size field, any number of bytes after it.</summary>
public sealed class TarBytes
{
    readonly MemoryStream _bytes = new();

    /// <summary>A regular file.</summary>
    public TarBytes File(string name, string text) => File(name, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="File(string, string)"/>
    public TarBytes File(string name, byte[] content) => Entry(name, '0', content);

    /// <summary>A directory.</summary>
    public TarBytes Directory(string name) => Entry(name, '5', [], mode: 0x1ED);

    /// <summary>A symbolic link.</summary>
    public TarBytes Symlink(string name, string target) => Entry(name, '2', [], target);

    /// <summary>A hard link.</summary>
    public TarBytes Hardlink(string name, string target) => Entry(name, '1', [], target);

    /// <summary>A pax header with these records for the next entry.</summary>
    public TarBytes Pax(params (string Key, string Value)[] records)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in records)
        {
            // The length counts itself.
            var rest = Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value) + 3;
            var length = rest + (rest + 1).ToString(CultureInfo.InvariantCulture).Length;
            length = rest + length.ToString(CultureInfo.InvariantCulture).Length;
            text.Append(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
        }
        return Entry("pax", 'x', Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Any entry; the header says <paramref name="claimedSize"/> where it is given, whatever follows.</summary>
    public TarBytes Entry(string name, char type, byte[] content, string link = "", long? claimedSize = null, int mode = 0x1A4)
    {
        var header = new byte[512];
        Put(header, 0, 100, name);
        Put(header, 100, 8, Octal(mode, 7));
        Put(header, 108, 8, Octal(0, 7));
        Put(header, 116, 8, Octal(0, 7));
        Put(header, 124, 12, Octal(claimedSize ?? content.Length, 11));
        Put(header, 136, 12, Octal(0, 11));
        header[156] = (byte)type;
        Put(header, 157, 100, link);
        Put(header, 257, 8, "ustar\u000000");
        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, 8, Octal(header.Sum(value => value), 6) + "\0 ");
        _bytes.Write(header);
        _bytes.Write(content);
        _bytes.Write(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    /// <summary>The archive with its end.</summary>
    public byte[] Bytes() => [.. _bytes.ToArray(), .. new byte[1024]];

    static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    static void Put(byte[] header, int offset, int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(header.AsSpan(offset));
    }
}
