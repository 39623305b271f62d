namespace Strake.Linux.Tests.Processes;

public sealed class CodePagesTests
{
    [Theory]
    [InlineData("559ce2151000-559ce2d63000 r-xp 01433000 fe:00 131                        /usr/bin/strake", true)]
    [InlineData("7ff704023000-7ff704077000 r--s 012b1000 fe:00 131                        /usr/bin/strake (deleted)", true)]
    [InlineData("559ce2d82000-559ce33e4000 rw-p 02044000 fe:00 131                        /usr/bin/strake", false)]
    [InlineData("559d6194b000-559d61984000 r--p 00b02000 fe:00 131                        /usr/bin/strake", false)]
    [InlineData("7ff704023000-7ff704077000 rw-s 00000000 fe:00 131                        /usr/bin/strake", false)]
    [InlineData("7ffff7fc1000-7ffff7fc3000 r-xp 00000000 00:00 0                          [vdso]", false)]
    [InlineData("7fcf25280000-7fcf25290000 r-xs 00421000 00:01 2050                       /memfd:doublemapper (deleted)", false)]
    [InlineData("7fcf25280000-7fcf25290000 r-xp 00000000 00:00 0 ", false)]
    [InlineData("", false)]
    [InlineData("nonsense", false)]
    public void Only_what_nobody_can_have_written_to_is_let_go_of(string line, bool released) =>
        Assert.Equal(released, CodePages.TryParse(line, out _, out _));

    [Fact]
    public void The_process_goes_on_after_its_code_was_let_go_of()
    {
        Assert.True(CodePages.Release() > 1 << 20);
        Assert.Equal("still here", string.Concat("still", " ", "here"));
    }
}
