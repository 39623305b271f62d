using System.Text;

namespace Strake.Build.Tests;

public class DockerfileParserTests
{
    [Fact]
    public void Stages_hold_the_instructions_after_their_FROM()
    {
        var tree = DockerfileParser.Parse("ARG A=1 B\nARG C\nFROM base:$A AS One\nRUN x\nUSER y\nFROM --platform=$P one\nCMD z\n");
        Assert.Equal([new ArgDeclaration("A", "1"), new ArgDeclaration("B", null), new ArgDeclaration("C", null)], tree.GlobalArgs.SelectMany(arg => arg.Declarations));
        Assert.Equal([("base:$A", "one", null), ("one", null, "$P")], tree.Stages.Select(stage => (stage.BaseName, stage.Name, stage.Platform)));
        Assert.Equal(["RUN", "USER"], tree.Stages[0].Instructions.Select(one => one.Keyword));
        Assert.Equal(["CMD"], tree.Stages[1].Instructions.Select(one => one.Keyword));
    }

    [Fact]
    public void Instructions_know_their_lines_and_their_text()
    {
        var tree = DockerfileParser.Parse("# c\n\n  from  a  \\\n  # c\n as b\nrun <<E\nx\nE\n\nCopy a b");
        Assert.Equal(new SourceLines(3, 5), tree.Stages[0].From.Lines);
        Assert.Equal("from  a   as b", tree.Stages[0].From.Text);
        Assert.Equal([(6, 8, "run <<E"), (10, 10, "Copy a b")], tree.Stages[0].Instructions.Select(one => (one.Lines.Start, one.Lines.End, one.Text)));
        Assert.Equal(new SourceLines(3, 10), tree.Stages[0].Lines);
    }

    [Theory]
    [InlineData("# syntax=a\n# escape=`\n# check=c\nFROM x", "a", '`', "c")]
    [InlineData("#SYNTAX = a b  \nFROM x", "a b", '\\', null)]
    [InlineData("  #  escape  =  `  \nFROM x", null, '`', null)]
    [InlineData("# comment\n# escape=`\nFROM x", null, '\\', null)]
    [InlineData("# other=1\n# escape=`\nFROM x", null, '\\', null)]
    [InlineData("\n# escape=`\nFROM x", null, '\\', null)]
    [InlineData("FROM x\n# escape=`", null, '\\', null)]
    [InlineData("#!/bin/x\n# syntax=a\n# check=b\n# escape=`\nFROM x", "a", '\\', "b")]
    [InlineData("\ufeff# syntax=a\nFROM x", "a", '\\', null)]
    [InlineData("# syntax=\n# escape=`\nFROM x", null, '\\', null)]
    public void Directives_stand_before_all_else(string text, string? syntax, char escape, string? check) =>
        Assert.Equal(new ParserDirectives { Syntax = syntax, Escape = escape, Check = check }, DockerfileParser.Parse(text).Directives);

    [Theory]
    [InlineData("RUN a \\\n b", "a  b")]
    [InlineData("RUN a\\\nb", "ab")]
    [InlineData("RUN a \\  \t\n  b", "a   b")]
    [InlineData("RUN a \\\n# c\n\t# d \\\n b", "a  b")]
    [InlineData("RUN a \\\n\n   \n b", "a  b")]
    [InlineData("RUN a \\\\\nRUN b", @"a \\")]
    [InlineData("RUN a \\", "a")]
    [InlineData("RUN a \\ b", @"a \ b")]
    [InlineData("\\\nRUN a", "a")]
    [InlineData("RUN \\\n\\\na", "a")]
    [InlineData("RUN a # b", "a # b")]
    [InlineData("RUN a \\\r\n  b\r\n", "a   b")]
    [InlineData("RUN a `\n", "a `")]
    public void Lines_go_on_after_the_escape_character(string text, string command) =>
        Assert.Equal(new ShellCommand(command), ((RunInstruction)DockerfileParser.Parse("FROM x\n" + text).Stages[0].Instructions[0]).Command);

    [Fact]
    public void The_escape_character_can_be_a_backtick()
    {
        var run = (RunInstruction)DockerfileParser.Parse("# escape=`\nFROM x\nRUN a\\\nRUN b `\n c").Stages[0].Instructions[1];
        Assert.Equal(new ShellCommand("b  c"), run.Command);
    }

    [Fact]
    public void Empty_lines_within_an_instruction_are_warned_of()
    {
        List<DockerfileWarning> warnings = [];
        DockerfileParser.Parse("FROM x\nRUN a \\\n\n b\nRUN c \\\n # d\n e", warnings);
        Assert.Equal([new DockerfileWarning("NoEmptyContinuation", "Empty continuation line", new SourceLines(4, 4))], warnings);
    }

    [Fact]
    public void Names_of_instructions_have_no_case() =>
        Assert.Equal(DockerfileParser.Parse("FROM a AS b\nRUN c\nHEALTHCHECK NONE\nONBUILD CMD d"), DockerfileParser.Parse("from a as B\nRun c\nhealthCheck none\nonbuild cmd d") is var other
            ? other with { Stages = [other.Stages[0] with { Instructions = [.. other.Stages[0].Instructions.Take(2), Onbuild("CMD d")] }] }
            : null);

    [Fact]
    public void What_is_no_UTF8_is_replaced()
    {
        var tree = DockerfileParser.Parse([.. "# Jos"u8, 0xe9, .. "\nFROM x\nLABEL a="u8, 0xff, .. "b"u8]);
        Assert.Equal([new KeyValueWord("a", "\ufffdb")], ((LabelInstruction)tree.Stages[0].Instructions[0]).Pairs);
    }

    [Fact]
    public void Texts_and_bytes_are_read_alike()
    {
        foreach (var name in Corpus.Names.Where(name => name != "46-latin1"))
            Assert.Equal(DockerfileParser.Parse(Corpus.Read(name)), DockerfileParser.Parse(Encoding.UTF8.GetString(Corpus.Read(name))));
    }

    [Fact]
    public void Lines_have_a_bound()
    {
        Assert.NotNull(DockerfileParser.Parse("FROM x\nRUN " + new string('a', DockerfileLimits.LineBytes - 4) + "\n"));
        var refused = Assert.Throws<StrakeException>(() => DockerfileParser.Parse("FROM x\nRUN " + new string('a', DockerfileLimits.LineBytes - 3) + "\n"));
        Assert.Equal("dockerfile line greater than max allowed size of 65535", refused.Message);
        Assert.Equal(new SourceLines(2, 2), DockerfileFault.Of(refused)!.Lines);
    }

    [Fact]
    public void Files_have_a_bound()
    {
        var refused = Assert.Throws<StrakeException>(() => DockerfileParser.Parse(new byte[DockerfileLimits.FileBytes + 1]));
        Assert.Equal((ErrorKind.Invalid, "dockerfile greater than max allowed size of 16777216"), (refused.Kind, refused.Message));
    }

    static OnbuildInstruction Onbuild(string expression) =>
        new() { Expression = expression, Trigger = new CmdInstruction { Command = new ShellCommand(expression[4..]) } };
}
