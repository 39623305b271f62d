using System.Buffers.Text;

namespace Strake.Containers.Logs;

/// <summary>One line of conmon's log file.</summary>
/// <remarks>
/// <code>
/// 2026-01-30T12:00:00.123456789+01:00 stdout F what the process wrote
/// (1)                                 (2)    (3) (4)
/// </code>
/// (1) time of arrival; (2) stream; (3) F: the line ends here, P: the process has not ended the line yet, the next record of
/// the stream goes on with it; (4) any bytes but a newline. This is the CRI's log format.
/// </remarks>
readonly ref struct LogRecord
{
    LogRecord(DateTimeOffset time, ReadOnlySpan<byte> fraction, ContainerStream stream, bool isPartial, ReadOnlySpan<byte> content)
    {
        Time = time;
        Fraction = fraction;
        Stream = stream;
        IsPartial = isPartial;
        Content = content;
    }

    /// <summary>When, to 100 ns.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The digits of the second's fraction, all nine.</summary>
    public ReadOnlySpan<byte> Fraction { get; }

    /// <summary>Stdout or stderr.</summary>
    public ContainerStream Stream { get; }

    /// <summary>Whether the line goes on in the next record of the stream.</summary>
    public bool IsPartial { get; }

    /// <summary>What was written, without the newline.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>Parses a line; false where it is none, such as the torn last line of a machine that lost its power.</summary>
    /// <param name="line">The line without its newline.</param>
    /// <param name="record">What it says.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogRecord record)
    {
        record = default;
        ReadOnlySpan<byte> rest = line;
        ReadOnlySpan<byte> time = Field(ref rest);
        ReadOnlySpan<byte> stream = Field(ref rest);
        ReadOnlySpan<byte> tag = Field(ref rest);
        bool isStderr = stream.SequenceEqual("stderr"u8);
        if (!TryTime(time, out DateTimeOffset when, out ReadOnlySpan<byte> fraction)
            || (!isStderr && !stream.SequenceEqual("stdout"u8))
            || tag is not [(byte)'F' or (byte)'P'])
        {
            return false;
        }

        record = new LogRecord(when, fraction, isStderr ? ContainerStream.Stderr : ContainerStream.Stdout, tag[0] == (byte)'P', rest);
        return true;
    }

    static ReadOnlySpan<byte> Field(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    // YYYY-MM-DDThh:mm:ss.nnnnnnnnn+hh:mm; DateTimeOffset takes seven digits of the nine.
    static bool TryTime(ReadOnlySpan<byte> text, out DateTimeOffset time, out ReadOnlySpan<byte> fraction)
    {
        const int length = 35;
        time = default;
        fraction = default;
        if (text.Length != length || text[19] != (byte)'.')
            return false;
        fraction = text[20..29];
        Span<byte> short7 = stackalloc byte[33];
        text[..27].CopyTo(short7);
        text[29..].CopyTo(short7[27..]);
        return Utf8Parser.TryParse(short7, out time, out int used, 'O') && used == short7.Length;
    }
}
