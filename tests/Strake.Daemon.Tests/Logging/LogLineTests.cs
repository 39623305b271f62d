using Microsoft.Extensions.Logging;
using Strake.Daemon.Logging;

namespace Strake.Daemon.Tests.Logging;

public sealed class LogLineTests
{
    static readonly DateTimeOffset s_time = new(2026, 11, 21, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void An_event_is_one_line_of_pairs() => Assert.Equal(
        "time=2026-11-21T02:03:04.005000Z level=info source=daemon msg=\"Ready after 7 ms\" elapsedMs=7 name=\"\"",
        LogLine.Format(
            s_time, LogLevel.Information, "Strake.daemon", "Ready after 7 ms", [new("ElapsedMs", 7), new("Name", ""), new("None", null), new("{OriginalFormat}", "x")], null));

    [Fact]
    public void No_text_of_a_client_makes_a_second_line()
    {
        string line = LogLine.Format(s_time, LogLevel.Error, "api", "a \"b\"\nlevel=fatal\r\u0001\\", null, new InvalidOperationException("two\nlines"));
        Assert.DoesNotContain('\n', line);
        Assert.Contains("msg=\"a \\\"b\\\"\\nlevel=fatal\\r\\x01\\\\\"", line, StringComparison.Ordinal);
    }
}
