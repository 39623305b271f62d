namespace Strake.Build.Tests;

public class InstructionTests
{
    [Fact]
    public void Instructions_that_say_the_same_are_equal_wherever_they_stand()
    {
        var one = new UserInstruction { User = "a", Lines = new(1, 2), Text = "USER a" };
        Assert.Equal(one, new UserInstruction { User = "a", Lines = new(7, 7), Text = "user  a" });
        Assert.NotEqual(one, new UserInstruction { User = "b", Lines = new(1, 2), Text = "USER a" });
        Assert.NotEqual<Instruction>(new CmdInstruction { Command = new ShellCommand("x") }, new EntrypointInstruction { Command = new ShellCommand("x") });
    }

    [Fact]
    public void Lists_are_compared_by_their_items()
    {
        var one = new CopyInstruction { Sources = [new PathSource("a"), new PathSource("b")], Destination = "/" };
        Assert.Equal(one, one with { Sources = [new PathSource("a"), new PathSource("b")] });
        Assert.Equal(one.GetHashCode(), (one with { Sources = [new PathSource("a"), new PathSource("b")] }).GetHashCode());
        Assert.NotEqual(one, one with { Sources = [new PathSource("b"), new PathSource("a")] });
        Assert.NotEqual(one, one with { Excludes = ["x"] });
    }
}
