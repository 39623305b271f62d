namespace Strake.Build.Tests;

public class GoTextTests
{
    [Theory]
    [InlineData(0, @"'\x00'")]
    [InlineData(3, @"'\x03'")]
    [InlineData(10, @"'\n'")]
    [InlineData(34, "'\"'")]
    [InlineData(39, @"'\''")]
    [InlineData(65, "'A'")]
    [InlineData(0x110000, "'�'")]
    public void Numbers_as_characters(int value, string expected) => Assert.Equal(expected, GoText.QuoteRune(value));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(5, "500ns")]
    [InlineData(15, "1.5µs")]
    [InlineData(20_000, "2ms")]
    [InlineData(1_234_567, "123.4567ms")]
    [InlineData(15_000_000, "1.5s")]
    [InlineData(50_000_000, "5s")]
    [InlineData(900_000_000, "1m30s")]
    [InlineData(36_000_000_000, "1h0m0s")]
    [InlineData(1_800_050_000_000, "50h0m5s")]
    public void Durations(long ticks, string expected) => Assert.Equal(expected, GoText.Duration(TimeSpan.FromTicks(ticks)));
}
