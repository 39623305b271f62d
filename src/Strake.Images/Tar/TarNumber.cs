namespace Strake.Images.Tar;

/// <summary>The two ways in which a header holds a number.</summary>
static class TarNumber
{
    /// <summary>
    /// Octal digits padded with spaces or NULs, or, when the first bit is set, a big-endian two's complement number (GNU, "base-256").
    /// False when it is neither, or does not fit 64 bits.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out long value) =>
        (field[0] & 0x80) != 0 ? TryParseBinary(field, out value) : TryParseOctal(field, out value);

    /// <summary>Writes octal digits and a closing NUL; false when the number is negative or too long.</summary>
    public static bool TryFormatOctal(long value, Span<byte> field)
    {
        var digits = field[..^1];
        if (!FitsOctal(value, field.Length)) return false;
        for (var i = digits.Length - 1; i >= 0; i--, value >>= 3) digits[i] = (byte)('0' + (value & 7));
        field[^1] = 0;
        return true;
    }

    /// <summary>Whether a number can stand in an octal field of that length.</summary>
    public static bool FitsOctal(long value, int fieldLength) => value >= 0 && (3 * (fieldLength - 1) >= 63 || value >> (3 * (fieldLength - 1)) == 0);

    static bool TryParseOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        var digits = field.Trim(" \0"u8);
        // Some writers end the digits with a NUL or a space and leave garbage after it.
        var end = digits.IndexOfAny((byte)0, (byte)' ');
        if (end >= 0) digits = digits[..end];
        if (digits.Length > 21) return false;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return false;
            value = (value << 3) | (uint)(digit - '0');
        }
        return value >= 0;
    }

    static bool TryParseBinary(ReadOnlySpan<byte> field, out long value)
    {
        // The first bit only marks the form; the second is the sign.
        var negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (var i = 0; i < field.Length; i++)
        {
            var part = i == 0 ? (byte)(negative ? field[0] | 0x80 : field[0] & 0x7F) : field[i];
            // The byte that is shifted out must be nothing but sign.
            var top = value >> 55;
            if (top != 0 && top != -1) return false;
            value = (value << 8) | part;
        }
        return true;
    }
}
