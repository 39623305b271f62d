using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Strake.Daemon.Logging;

/// <summary>Writes an event as one line of <c>key=value</c> pairs, as dockerd does: readable, and taken apart by every log collector.</summary>
static class LogLine
{
    /// <summary>The line, without its end.</summary>
    public static string Format(
        DateTimeOffset time,
        LogLevel level,
        string category,
        string message,
        IReadOnlyList<KeyValuePair<string, object?>>? fields,
        Exception? exception)
    {
        var line = new StringBuilder(200);
        line.Append(CultureInfo.InvariantCulture, $"time={time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} level={NameOf(level)} source={ShortName(category)}");
        Append(line, "msg", message);
        foreach ((string key, object? value) in fields ?? [])
        {
            // The template itself stands among the fields under this name.
            if (key is "{OriginalFormat}" || value is null) continue;
            Append(line, char.ToLowerInvariant(key[0]) + key[1..], Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        if (exception is not null) Append(line, "error", exception.ToString());
        return line.ToString();
    }

    static void Append(StringBuilder line, string key, string value)
    {
        line.Append(' ').Append(key).Append('=');
        bool plain = value.Length > 0 && value.AsSpan().IndexOfAnyInRange('\0', ' ') < 0 && !value.AsSpan().ContainsAny("\"=\\");
        if (plain) line.Append(value);
        else Quote(line, value);
    }

    // One event stays one line, whatever a client managed to get into a name.
    static void Quote(StringBuilder line, string value)
    {
        line.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"' or '\\': line.Append('\\').Append(c); break;
                case '\n': line.Append("\\n"); break;
                case '\r': line.Append("\\r"); break;
                case '\t': line.Append("\\t"); break;
                case < ' ': line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"); break;
                default: line.Append(c); break;
            }
        }

        line.Append('"');
    }

    static string ShortName(string category) => category[(category.LastIndexOf('.') + 1)..];

    static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "none",
    };
}
