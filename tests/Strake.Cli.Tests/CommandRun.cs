namespace Strake.Cli.Tests;

/// <summary>What a command left.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it said went wrong.</param>
public sealed record CommandRun(int Code, string Output, string Errors)
{
    /// <summary>Runs a command line, without the program's name.</summary>
    public static async Task<CommandRun> OfAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        int code = await Commands.RunAsync(words, output, errors);
        return new CommandRun(code, output.ToString(), errors.ToString());
    }

    /// <summary>Asserts that it succeeded, and gives what it printed.</summary>
    public string Ok()
    {
        Assert.True(Code == 0, ToString());
        Assert.Empty(Errors);
        return Output.TrimEnd('\n');
    }

    /// <summary>Asserts that it ended with a code, and gives what it said.</summary>
    public string Refused(int code)
    {
        Assert.True(Code == code, ToString());
        return Errors.TrimEnd('\n');
    }
}
