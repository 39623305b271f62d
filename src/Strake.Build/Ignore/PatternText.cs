using System.Buffers;
using System.Text;

namespace Strake.Build;

/// <summary>Characters of paths and patterns. Paths are bytes: one that is no UTF-8 counts as a character of its own, beyond Unicode.</summary>
static class PatternText
{
    const int FirstByte = 0x110000;

    /// <summary>Takes a character from the start.</summary>
    public static int Take(ref ReadOnlySpan<byte> text)
    {
        var first = text[0];
        if (first < 0x80)
        {
            text = text[1..];
            return first;
        }

        var isRune = Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done;
        text = text[(isRune ? length : 1)..];
        return isRune ? rune.Value : FirstByte + first;
    }

    /// <summary>A text without blanks around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(rune)) text = text[length..];
        while (Rune.DecodeLastFromUtf8(text, out var rune, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(rune)) text = text[..^length];
        return text;
    }

    /// <summary>The shortest path with the same meaning, as Go's <c>path.Clean</c> has it: no empty and no <c>.</c> parts, <c>..</c> only in front.</summary>
    public static byte[] Clean(ReadOnlySpan<byte> path)
    {
        var isRooted = path.StartsWith((byte)'/');
        List<byte[]> parts = [];
        foreach (var range in path.Split((byte)'/'))
        {
            var part = path[range];
            if (part.IsEmpty || part.SequenceEqual("."u8)) continue;
            if (!part.SequenceEqual(".."u8)) parts.Add(part.ToArray());
            else if (parts.Count > 0 && !parts[^1].AsSpan().SequenceEqual(".."u8)) parts.RemoveAt(parts.Count - 1);
            else if (!isRooted) parts.Add(part.ToArray());
        }

        var result = new List<byte>(path.Length);
        if (isRooted) result.Add((byte)'/');
        foreach (var part in parts)
        {
            if (part != parts[0]) result.Add((byte)'/');
            result.AddRange(part);
        }

        return result.Count > 0 ? [.. result] : "."u8.ToArray();
    }
}
