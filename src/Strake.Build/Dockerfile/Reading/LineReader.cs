using System.Text;

namespace Strake.Build;

/// <summary>Walks through a Dockerfile from instruction to instruction.</summary>
/// <remarks>
/// Comments and blank lines between instructions are passed over. A line that ends with the escape character goes on in the next one;
/// comments there are dropped, empty lines too, and neither ends the instruction.
/// </remarks>
sealed class LineReader(SourceText text, char escape)
{
    /// <summary>The number of the last line read; 0 at the start.</summary>
    public int Number { get; private set; }

    /// <summary>The next instruction's line; null at the end.</summary>
    public LogicalLine? Next()
    {
        while (Number < text.Count)
        {
            var line = text[++Number].TrimStart();
            if (line.IsEmpty || line[0] == '#') continue;
            return Continues(ref line) ? Joined(line) : new LogicalLine(line.ToString(), new SourceLines(Number, Number), HasEmptyLine: false);
        }

        return null;
    }

    /// <summary>The next line as it stands, with its ending; null at the end.</summary>
    public string? Raw() => Number < text.Count ? text.WithEnding(++Number) : null;

    LogicalLine Joined(ReadOnlySpan<char> first)
    {
        var (start, hasEmptyLine, continues) = (Number, false, true);
        var result = new StringBuilder().Append(first);
        while (continues && Number < text.Count)
        {
            var line = text[++Number];
            var content = line.TrimStart();
            if (content.StartsWith('#')) continue;
            if (content.IsEmpty)
            {
                hasEmptyLine = true;
                continue;
            }

            continues = Continues(ref line);
            result.Append(line);
        }

        return new LogicalLine(result.ToString(), new SourceLines(start, Number), hasEmptyLine);
    }

    // The escape character last, blanks after it allowed, unless another one stands before it. It is cut off.
    bool Continues(ref ReadOnlySpan<char> line)
    {
        var end = line.TrimEnd(" \t").Length - 1;
        if (end < 0 || line[end] != escape || (end > 0 && line[end - 1] == escape)) return false;
        line = line[..end];
        return true;
    }
}
