using System.Globalization;

namespace Strake.Grpc.Tests.Calls;

/// <summary>How times, texts and bytes stand in headers.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData("100u", 1_000)]
    [InlineData("1S", TimeSpan.TicksPerSecond)]
    [InlineData("2M", 2 * TimeSpan.TicksPerMinute)]
    [InlineData("3H", 3 * TimeSpan.TicksPerHour)]
    [InlineData("250m", 250 * TimeSpan.TicksPerMillisecond)]
    [InlineData("1n", 1)]
    [InlineData("99999999H", 24 * TimeSpan.TicksPerDay)]
    public void A_timeout_is_read(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1x")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    [InlineData("1 S")]
    public void What_is_no_timeout_is_refused(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(1)]
    [InlineData(999_999)]
    [InlineData(50_000_000)]
    [InlineData(36_000_000_000)]
    [InlineData(TimeSpan.TicksPerDay)]
    public void A_timeout_survives_being_written(long ticks)
    {
        string text = GrpcTimeout.Format(TimeSpan.FromTicks(ticks));
        Assert.True(text.Length <= 9, text);
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.InRange(timeout.Ticks, ticks * 0.999, ticks);
    }

    [Fact]
    public void No_time_left_is_still_a_time() => Assert.Equal("1n", GrpcTimeout.Format(TimeSpan.FromSeconds(-1)));

    [Theory]
    [InlineData("plain text!", "plain text!")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("grün", "gr%C3%BCn")]
    [InlineData("", "")]
    public void A_message_is_percent_encoded_and_back(string text, string encoded)
    {
        Assert.Equal(encoded, PercentText.Encode(text));
        Assert.Equal(text, PercentText.Decode(encoded));
    }

    [Theory]
    [InlineData("50% off", "50% off")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    public void What_is_badly_encoded_stays_as_it_is(string encoded, string text) => Assert.Equal(text, PercentText.Decode(encoded));

    [Fact]
    public void Bytes_are_read_with_and_without_padding()
    {
        for (int length = 0; length < 10; length++)
        {
            byte[] bytes = [.. Enumerable.Range(250, length).Select(static i => (byte)i)];
            string text = Base64Text.Encode(bytes);
            Assert.DoesNotContain('=', text);
            Assert.Equal(bytes, Base64Text.TryDecode(text));
            Assert.Equal(bytes, Base64Text.TryDecode(Convert.ToBase64String(bytes)));
        }

        Assert.Null(Base64Text.TryDecode("a?b"));
    }

    [Fact]
    public void Metadata_keeps_order_and_repetition_and_refuses_what_no_header_can_carry()
    {
        var metadata = new GrpcMetadata();
        metadata.Add("Key", "a");
        metadata.Add("key", "b, c");
        metadata.AddBytes("raw-bin", [0, 255]);
        Assert.Equal(["a", "b, c"], metadata.All("KEY"));
        Assert.Equal([0, 255], metadata.FindBytes("raw-bin")!);
        Assert.Null(metadata.Find("other"));
        Assert.Throws<ArgumentException>(() => metadata.Add("key", "a\nb"));
        Assert.Throws<ArgumentException>(() => metadata.Add("key", "ü"));
        Assert.Throws<ArgumentException>(() => metadata.AddBytes("raw", [1]));
        Assert.Equal(3.ToString(CultureInfo.InvariantCulture), metadata.Count.ToString(CultureInfo.InvariantCulture));
    }
}
