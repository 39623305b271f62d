using System.Text;

namespace Strake.Build;

/// <summary>A Dockerfile's text as lines. What is no UTF-8 is replaced by U+FFFD, as Go's JSON does when Docker writes a config.</summary>
sealed class SourceText
{
    readonly string text;

    // Where each line begins, and after them the end of the text.
    readonly List<int> starts;

    SourceText(string text, List<int> starts) => (this.text, this.starts) = (text, starts);

    /// <summary>How many lines there are; the one after a final line ending is none.</summary>
    public int Count => starts.Count - 1;

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="StrakeException">Invalid: the file is empty, too large, or has a line that is too long.</exception>
    public static SourceText Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) throw DockerfileFault.Invalid("the Dockerfile cannot be empty", new SourceLines(1, 1));
        if (bytes.Length > DockerfileLimits.FileBytes)
            throw DockerfileFault.Invalid($"dockerfile greater than max allowed size of {DockerfileLimits.FileBytes}", new SourceLines(1, 1));
        CheckLines(bytes);

        // Dockerfile reference, "Encoding": a byte order mark is ignored.
        var content = Encoding.UTF8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        List<int> lines = [0];
        for (var end = content.IndexOf('\n', StringComparison.Ordinal); end >= 0; end = content.IndexOf('\n', end + 1)) lines.Add(end + 1);
        if (lines[^1] < content.Length) lines.Add(content.Length);
        return new SourceText(content, lines);
    }

    /// <summary>A line with its ending.</summary>
    /// <param name="number">From 1.</param>
    public string WithEnding(int number) => text[starts[number - 1]..starts[number]];

    /// <summary>A line without its ending.</summary>
    /// <param name="number">From 1.</param>
    public ReadOnlySpan<char> this[int number] => text.AsSpan(starts[number - 1], starts[number] - starts[number - 1]).TrimEnd("\r\n");

    static void CheckLines(ReadOnlySpan<byte> bytes)
    {
        var number = 1;
        foreach (var line in bytes.Split((byte)'\n'))
        {
            if (line.End.Value - line.Start.Value > DockerfileLimits.LineBytes)
                throw DockerfileFault.Invalid($"dockerfile line greater than max allowed size of {DockerfileLimits.LineBytes}", new SourceLines(number, number));
            number++;
        }
    }
}
