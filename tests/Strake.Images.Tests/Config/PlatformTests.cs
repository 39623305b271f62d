namespace Strake.Images.Tests.Config;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/X86_64", "linux/amd64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("windows/amd64", "windows/amd64")]
    [InlineData("arm64", "linux/arm64")]
    public void A_platform_is_read(string text, string platform) => Assert.Equal(platform, Platform.Parse(text).ToString());

    [Fact]
    public void A_system_alone_has_the_hosts_architecture() => Assert.Equal(Platform.Host.Architecture, Platform.Parse("linux").Architecture);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("linux/")]
    [InlineData("linux/amd64/v1/x")]
    [InlineData("linux/am d64")]
    public void Another_form_is_refused(string text) => Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => Platform.Parse(text)).Kind);
}
