using System.Globalization;
using System.Text;

namespace Strake.Containers.Logs;

/// <summary>Turns log records into what a client gets: filtered, with or without times. Keeps track of lines that are not ended.</summary>
sealed class LogWriter(LogOptions options, IStreamClient client)
{
    readonly bool[] isMidLine = new bool[3];
    byte[] buffer = new byte[4096];

    /// <summary>Sends one line of the log file to the client.</summary>
    /// <param name="line">The line without its newline.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <returns>False when it is past the end of what is wanted.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        int length = Format(line.Span, out ContainerStream stream, out bool isPast);
        if (length > 0)
            await client.WriteAsync(stream, buffer.AsMemory(0, length), cancellationToken);
        return !isPast;
    }

    int Format(ReadOnlySpan<byte> line, out ContainerStream stream, out bool isPast)
    {
        isPast = false;
        stream = default;
        if (!LogRecord.TryParse(line, out LogRecord record))
            return 0;
        stream = record.Stream;
        isPast = options.Until is { } until && record.Time > until;
        bool wanted = record.Stream == ContainerStream.Stderr ? options.Stderr : options.Stdout;
        if (isPast || !wanted || record.Time < options.Since)
            return 0;

        if (buffer.Length < line.Length + 64)
            buffer = new byte[line.Length * 2];
        int length = options.Timestamps && !isMidLine[(int)stream] ? FormatTime(record) : 0;
        record.Content.CopyTo(buffer.AsSpan(length));
        length += record.Content.Length;
        if (!record.IsPartial)
            buffer[length++] = (byte)'\n';
        isMidLine[(int)stream] = record.IsPartial;
        return length;
    }

    // As Docker writes it: UTC, nine digits.
    int FormatTime(in LogRecord record)
    {
        string seconds = record.Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.", CultureInfo.InvariantCulture);
        int length = Encoding.ASCII.GetBytes(seconds, buffer);
        record.Fraction.CopyTo(buffer.AsSpan(length));
        length += record.Fraction.Length;
        buffer[length++] = (byte)'Z';
        buffer[length++] = (byte)' ';
        return length;
    }
}
