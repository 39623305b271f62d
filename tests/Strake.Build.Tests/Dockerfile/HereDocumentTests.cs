namespace Strake.Build.Tests;

public class HereDocumentTests
{
    [Fact]
    public void A_command_has_the_lines_up_to_the_name()
    {
        var run = Assert.IsType<RunInstruction>(Parse("RUN <<EOF cat\na $b\n  EOF\n\nEOF\n"));
        Assert.Equal(new ShellCommand("<<EOF cat"), run.Command);
        Assert.Equal([new HereDocument { Name = "EOF", Content = "a $b\n  EOF\n\n" }], run.Documents);
    }

    [Fact]
    public void Several_come_in_their_order()
    {
        var copy = Assert.IsType<CopyInstruction>(Parse("COPY a <<b <<'c' /d/\nB\nb\nC\nc\n"));
        Assert.Equal(
            [
                new PathSource("a"),
                new InlineSource(new HereDocument { Name = "b", Content = "B\n" }),
                new InlineSource(new HereDocument { Name = "c", Content = "C\n", Expands = false }),
            ],
            copy.Sources);
        Assert.Equal("/d/", copy.Destination);
    }

    [Fact]
    public void A_dash_drops_tabs()
    {
        var document = Assert.Single(Assert.IsType<RunInstruction>(Parse("RUN <<-E\n\t\ta\n\t b\tc\n\tE\n")).Documents);
        Assert.Equal(("\t\ta\n\t b\tc\n", "a\n b\tc\n", true), (document.Content, document.Text, document.DropsTabs));
    }

    [Theory]
    [InlineData("<<E", "E", true)]
    [InlineData("<<\"E\"", "E", false)]
    [InlineData("<<'E'", "E", false)]
    [InlineData("<<E'F'G", "EFG", false)]
    [InlineData("<<\\E", "E", true)]
    [InlineData("<< E", "E", true)]
    [InlineData("<<-E", "E", true)]
    [InlineData("3<<E", "E", true)]
    [InlineData("<<\"E F\"", "E F", false)]
    [InlineData("<<e.f-g_h/i", "e.f-g_h/i", true)]
    public void A_quoted_name_leaves_variables_alone(string mark, string name, bool expands)
    {
        var document = Assert.Single(Assert.IsType<RunInstruction>(Parse($"RUN cat {mark}\nx\n{name}\n")).Documents);
        Assert.Equal((name, "x\n", expands), (document.Name, document.Content, document.Expands));
    }

    [Theory]
    [InlineData("RUN cat <<< x")]
    [InlineData("RUN echo '<<E'")]
    [InlineData("RUN echo \"a <<E\"")]
    [InlineData("RUN echo a<<E")]
    [InlineData("RUN echo $((1<<2))")]
    [InlineData("RUN echo $((1 << ${n:-2}))")]
    [InlineData("RUN echo it's <<E")]
    [InlineData("RUN [\"a\", \"<<E\"]")]
    [InlineData("CMD cat <<E")]
    [InlineData("RUN a <<\"\"")]
    public void Not_every_pair_of_brackets_announces_one(string text) => Assert.NotNull(Parse(text));

    [Fact]
    public void Line_endings_are_kept()
    {
        var document = Assert.Single(Assert.IsType<RunInstruction>(Parse("RUN <<E\r\na\r\nE\r\n")).Documents);
        Assert.Equal("a\r\n", document.Content);
    }

    [Fact]
    public void What_follows_is_the_next_instruction()
    {
        var tree = DockerfileParser.Parse("FROM x\nRUN <<A <<B\nA\nRUN no\nB\nRUN yes\n");
        Assert.Equal(["<<A <<B", "yes"], tree.Stages[0].Instructions.Select(one => ((ShellCommand)((RunInstruction)one).Command).Line));
        Assert.Equal(new SourceLines(6, 6), tree.Stages[0].Instructions[1].Lines);
    }

    static Instruction Parse(string text) => Assert.Single(DockerfileParser.Parse("FROM x\n" + text).Stages[0].Instructions);
}
