using System.Globalization;
using System.Text;

namespace Strake.Containers.Logs;

/// <summary>One record of a container's log file.</summary>
/// <remarks>
/// conmon's format <c>k8s-file</c>, which is that of the kubelet (CRI logging):
/// <code>
/// (1)2026-01-02T03:04:05.123456789+00:00 (2)stdout (3)F (4)text\n
/// </code>
/// (1) time, RFC 3339 with nanoseconds; (2) <c>stdout</c> or <c>stderr</c>; (3) <c>F</c>: the record ends a line, <c>P</c>:
/// the line goes on, or the stream ended without a newline; (4) any bytes but a newline.
/// </remarks>
readonly ref struct LogRecord
{
    LogRecord(ReadOnlySpan<byte> time, ContainerStream stream, bool endsLine, ReadOnlySpan<byte> text)
    {
        Time = time;
        Stream = stream;
        EndsLine = endsLine;
        Text = text;
    }

    /// <summary>When it was written, as it stands in the file.</summary>
    public ReadOnlySpan<byte> Time { get; }

    /// <summary>Who wrote it.</summary>
    public ContainerStream Stream { get; }

    /// <summary>Whether a newline followed.</summary>
    public bool EndsLine { get; }

    /// <summary>What was written, without the newline.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset Timestamp =>
        DateTimeOffset.TryParse(Encoding.ASCII.GetString(Time), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : DateTimeOffset.UnixEpoch;

    /// <summary>Parses a line of the file.</summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="record">The record; empty when the line is none.</param>
    /// <returns>Whether the line is a record: the last one of a log whose writer was killed may not be.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogRecord record)
    {
        record = default;
        if (!TryField(ref line, out ReadOnlySpan<byte> time) || !TryField(ref line, out ReadOnlySpan<byte> stream) || !TryField(ref line, out ReadOnlySpan<byte> tag))
            return false;
        bool errors = stream.SequenceEqual("stderr"u8);
        if ((!errors && !stream.SequenceEqual("stdout"u8)) || tag is not [(byte)'F' or (byte)'P'])
            return false;
        record = new LogRecord(time, errors ? ContainerStream.Stderr : ContainerStream.Stdout, tag[0] == (byte)'F', line);
        return true;
    }

    static bool TryField(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        int space = rest.IndexOf((byte)' ');
        field = space < 0 ? default : rest[..space];
        rest = space < 0 ? rest : rest[(space + 1)..];
        return space > 0;
    }
}
