using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Tests.Objects;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1")]
    [InlineData("1024", "1024")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1536Mi", "1536Mi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.5Gi", "512Mi")]
    [InlineData("512Ki", "512Ki")]
    [InlineData("0.5Ki", "512")]
    [InlineData("1000Mi", "1000Mi")]
    [InlineData("1000M", "1G")]
    [InlineData("100m", "100m")]
    [InlineData("0.1", "100m")]
    [InlineData("1.", "1")]
    [InlineData(".5", "500m")]
    [InlineData("1e3", "1e3")]
    [InlineData("1E3", "1e3")]
    [InlineData("12E", "12E")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("123456789e3", "123456789e3")]
    [InlineData("1000000000000", "1T")]
    [InlineData("-5Gi", "-5Gi")]
    [InlineData("+5Gi", "5Gi")]
    [InlineData("0.0000000001", "1n")]
    [InlineData("9223372036854775808Ei", "9223372036854775807")]
    [InlineData("0Gi", "0")]
    public void The_text_of_a_quantity_is_canonical(string text, string canonical) => Assert.Equal(canonical, Quantity.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("Gi")]
    [InlineData("1gi")]
    [InlineData("1 Gi")]
    [InlineData("1Gib")]
    [InlineData("1e")]
    [InlineData("1K")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("0x10")]
    [InlineData("１Gi")]
    public void What_is_no_quantity_is_refused(string text)
    {
        Assert.False(Quantity.TryParse(text, out _));
        Assert.Throws<StrakeException>(() => Quantity.Parse(text));
    }

    [Fact]
    public void Quantities_are_equal_when_their_values_are()
    {
        Assert.Equal(Quantity.Parse("1Gi"), Quantity.Parse("1073741824"));
        Assert.True(Quantity.Parse("1G") < Quantity.Parse("1Gi"));
        Assert.Equal("2Gi", Quantity.Parse("1Gi").Plus(Quantity.Parse("1073741824")).ToString());
        Assert.Equal("5Gi", Quantity.Zero.Plus(Quantity.Parse("5Gi")).ToString());
        Assert.Equal(2, Quantity.Parse("1001m").ToInt64());
    }

    [Fact]
    public void Canonical_text_reads_back_as_the_same_value()
    {
        var random = new Random(7);
        string[] suffixes = ["", "m", "u", "n", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "e-2"];
        for (int round = 0; round < 20_000; round++)
        {
            Quantity value = Quantity.Parse($"{random.Next(-100_000, 100_000)}.{random.Next(1000)}{suffixes[random.Next(suffixes.Length)]}");
            Assert.Equal(value, Quantity.Parse(value.ToString()));
            Assert.Equal(value.ToString(), Quantity.Parse(value.ToString()).ToString());
        }
    }
}
