using System.Text;

namespace Strake.Build;

/// <summary>Reads patterns into items.</summary>
ref struct PatternReader(ReadOnlySpan<byte> pattern)
{
    readonly ReadOnlySpan<byte> pattern = pattern;
    ReadOnlySpan<byte> rest = pattern;

    /// <summary>Reads a whole pattern.</summary>
    /// <param name="isRecursive">Whether <c>**</c> goes through directories; if not, it is the same as <c>*</c>.</param>
    /// <exception cref="StrakeException">Invalid: a class that is not closed or holds nothing, a range the wrong way round, or nothing after a backslash.</exception>
    public List<PatternItem> Read(bool isRecursive)
    {
        List<PatternItem> items = [];
        while (!rest.IsEmpty)
        {
            switch (rest[0])
            {
                case (byte)'*':
                    Star(items, isRecursive);
                    break;
                case (byte)'?':
                    rest = rest[1..];
                    items.Add(new PatternItem(PatternItemKind.AnyCharacter));
                    break;
                case (byte)'[':
                    rest = rest[1..];
                    items.Add(Class());
                    break;
                case (byte)'\\':
                    items.Add(new PatternItem(PatternItemKind.Character, Escaped()));
                    break;
                default:
                    items.Add(new PatternItem(PatternItemKind.Character, PatternText.Take(ref rest)));
                    break;
            }
        }

        return items;
    }

    // Several in a row take no more than one, and cost no more.
    void Star(List<PatternItem> items, bool isRecursive)
    {
        rest = rest[1..];
        if (!isRecursive || !rest.StartsWith((byte)'*'))
        {
            if (items is not [.., { Kind: PatternItemKind.AnyPart }]) items.Add(new PatternItem(PatternItemKind.AnyPart));
            return;
        }

        rest = rest[1..];
        if (rest.StartsWith((byte)'/')) rest = rest[1..];
        if (rest.IsEmpty)
        {
            items.Add(new PatternItem(PatternItemKind.AnyText));
        }
        else if (items is not [.., { Kind: PatternItemKind.Directories }])
        {
            items.Add(new PatternItem(PatternItemKind.DirectoriesBegin));
            items.Add(new PatternItem(PatternItemKind.Directories));
        }
    }

    // Go's path.Match: '[' [ '^' ] { character | first '-' last } ']', at least one, '-' and ']' among them only escaped.
    PatternItem Class()
    {
        var isNegated = rest.StartsWith((byte)'^');
        if (isNegated) rest = rest[1..];
        List<(int First, int Last)> ranges = [];
        while (ranges.Count == 0 || !rest.StartsWith((byte)']'))
        {
            var first = ClassCharacter();
            var last = first;
            if (rest.StartsWith((byte)'-'))
            {
                rest = rest[1..];
                last = ClassCharacter();
            }

            if (first > last || rest.IsEmpty) throw Bad();
            ranges.Add((first, last));
        }

        rest = rest[1..];
        return new PatternItem(PatternItemKind.Class, Ranges: ranges, IsNegated: isNegated);
    }

    int ClassCharacter()
    {
        if (rest.IsEmpty || rest[0] is (byte)'-' or (byte)']') throw Bad();
        return rest[0] == '\\' ? Escaped() : PatternText.Take(ref rest);
    }

    int Escaped()
    {
        rest = rest[1..];
        return rest.IsEmpty ? throw Bad() : PatternText.Take(ref rest);
    }

    readonly StrakeException Bad() => DockerfileFault.Invalid($"syntax error in pattern: {GoText.Quote(Encoding.UTF8.GetString(pattern))}");
}
