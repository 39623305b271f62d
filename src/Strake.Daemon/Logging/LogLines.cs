using Microsoft.Extensions.Logging;

namespace Strake.Daemon.Logging;

/// <summary>The daemon's log: a line an event, to one writer, filtered by level. The whole of what the logging abstractions need.</summary>
/// <param name="writer">Where lines go; stays the caller's.</param>
/// <param name="minimum">The least level that is written.</param>
/// <param name="time">The clock of the time stamps.</param>
public sealed class LogLines(TextWriter writer, LogLevel minimum, TimeProvider time) : ILoggerFactory
{
    readonly Lock gate = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName, MinimumOf(categoryName));

    /// <summary>Refused: there are no providers here.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the log has one writer");

    /// <inheritdoc/>
    public void Dispose() => writer.Flush();

    // A web server tells of each connection; that is of use to those who debug it, and then all of it.
    LogLevel MinimumOf(string category) =>
        category.StartsWith("Microsoft.", StringComparison.Ordinal) && minimum > LogLevel.Trace ? Max(minimum, LogLevel.Error) : minimum;

    static LogLevel Max(LogLevel one, LogLevel other) => one > other ? one : other;

    void Write(string line)
    {
        lock (gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    sealed class LineLogger(LogLines log, string category, LogLevel minimum) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel is not LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var fields = state as IReadOnlyList<KeyValuePair<string, object?>>;
            log.Write(LogLine.Format(log.TimeNow(), logLevel, category, formatter(state, exception), fields, exception));
        }
    }

    DateTimeOffset TimeNow() => time.GetUtcNow();
}
