using Strake.Containers.Files;

namespace Strake.Containers.Tests.Files;

public sealed class ContainerFilePathTests
{
    [Theory]
    [InlineData("/etc/passwd", "/etc/passwd", "passwd", false, false)]
    [InlineData("etc/passwd", "/etc/passwd", "passwd", false, false)]
    [InlineData("/etc/", "/etc", "etc", true, false)]
    [InlineData("/etc/.", "/etc", "etc", true, true)]
    [InlineData("/", "/", "/", true, false)]
    [InlineData(".", "/", "/", true, true)]
    [InlineData("/../../etc//x/../passwd", "/etc/passwd", "passwd", false, false)]
    [InlineData("/a/b/..", "/a", "a", true, false)]
    public void A_path_is_absolute_and_clean_and_keeps_what_its_end_asks_for(string text, string path, string name, bool directory, bool content)
    {
        ContainerFilePath parsed = ContainerFilePath.Parse(text);

        Assert.Equal((path, name, directory, content), (parsed.Path, parsed.Name, parsed.WantsDirectory, parsed.WantsContent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc\0/passwd")]
    public void What_is_no_path_is_refused(string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => ContainerFilePath.Parse(text)).Kind);
}
