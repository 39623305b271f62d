using System.Globalization;
using Strake.Daemon.DockerApi;

namespace Strake.Daemon.Tests.DockerApi;

public sealed class DockerTimeTests
{
    static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1795229611", "2026-11-21T02:53:31Z")]
    [InlineData("1795229611.517409700", "2026-11-21T02:53:31.5174097Z")]
    [InlineData("2026-11-21T02:53:31Z", "2026-11-21T02:53:31Z")]
    [InlineData("2026-11-21T02:53:31.5Z", "2026-11-21T02:53:31.5Z")]
    [InlineData("2026-11-21T02:53:31.517409737Z", "2026-11-21T02:53:31.5174097Z")]
    [InlineData("2026-11-21T04:53:31+02:00", "2026-11-21T02:53:31Z")]
    [InlineData("2026-11-21T02:53:31", "2026-11-21T02:53:31Z")]
    [InlineData("2026-11-21", "2026-11-21T00:00:00Z")]
    [InlineData("10m", "2026-11-21T11:50:00Z")]
    [InlineData("1h30m", "2026-11-21T10:30:00Z")]
    [InlineData("1.5h", "2026-11-21T10:30:00Z")]
    [InlineData("500ms", "2026-11-21T11:59:59.5Z")]
    public void A_point_in_time_is_read_in_each_of_its_forms(string text, string expected)
    {
        Assert.True(DockerTime.TryParse(text, s_now, out DateTimeOffset time));
        Assert.Equal(expected, DockerTime.Format(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("10")]
    [InlineData("1x")]
    [InlineData("h")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999h")]
    public void What_is_no_time_is_none(string text)
    {
        bool found = DockerTime.TryParse(text, s_now, out DateTimeOffset time);
        Assert.True(!found || text == "10" && time.ToUnixTimeSeconds() == 10);
    }

    [Fact]
    public void A_time_that_never_was_is_gos_zero() => Assert.Equal("0001-01-01T00:00:00Z", DockerTime.Format(null));

    [Theory]
    [InlineData("00:00:00.5", "Less than a second")]
    [InlineData("00:00:01", "1 second")]
    [InlineData("00:00:59", "59 seconds")]
    [InlineData("00:01:30", "About a minute")]
    [InlineData("00:02:00", "2 minutes")]
    [InlineData("00:59:59", "59 minutes")]
    [InlineData("01:10:00", "About an hour")]
    [InlineData("02:00:00", "2 hours")]
    [InlineData("1.23:00:00", "47 hours")]
    [InlineData("3.00:00:00", "3 days")]
    [InlineData("15.00:00:00", "2 weeks")]
    [InlineData("90.00:00:00", "3 months")]
    [InlineData("800.00:00:00", "2 years")]
    public void Durations_are_in_the_words_of_docker_ps(string duration, string words) =>
        Assert.Equal(words, DockerTime.InWords(TimeSpan.Parse(duration, CultureInfo.InvariantCulture)));
}
