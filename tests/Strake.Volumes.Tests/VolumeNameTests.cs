namespace Strake.Volumes.Tests;

public sealed class VolumeNameTests
{
    [Theory]
    [InlineData("data")]
    [InlineData("a1")]
    [InlineData("0_.-")]
    public void A_name_of_letters_digits_and_three_marks_is_accepted(string text) =>
        Assert.Equal(text, VolumeName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData(".hidden")]
    [InlineData("..")]
    [InlineData("-x")]
    [InlineData("../../etc")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("größe")]
    public void Whatever_could_be_a_path_or_an_option_is_refused(string text)
    {
        Assert.False(VolumeName.TryParse(text, out _));
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => VolumeName.Parse(text)).Kind);
    }

    [Fact]
    public void A_name_longer_than_a_file_name_is_refused() => Assert.False(VolumeName.TryParse(new string('a', 256), out _));

    [Fact]
    public void An_anonymous_name_is_64_hexadecimal_digits_and_never_the_same()
    {
        string name = VolumeName.Anonymous().ToString();

        Assert.Matches("^[0-9a-f]{64}$", name);
        Assert.NotEqual(name, VolumeName.Anonymous().ToString());
    }
}
