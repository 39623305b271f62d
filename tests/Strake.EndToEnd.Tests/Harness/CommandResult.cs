namespace Strake.EndToEnd.Tests.Harness;

/// <summary>What a command left: its exit code and its output as text.</summary>
/// <param name="Line">The command as it was called, for messages.</param>
/// <param name="Code">Exit code; 128 + signal where a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandResult(string Line, int Code, string Output, string Error)
{
    /// <summary>Standard output without the line end at its end.</summary>
    public string Text => Output.TrimEnd('\r', '\n');

    /// <summary>Standard output by lines, without an empty last one.</summary>
    public string[] Lines => Text.Length == 0 ? [] : Text.Split('\n', StringSplitOptions.TrimEntries);

    /// <summary>Asserts that the command succeeded, and returns its output.</summary>
    public string Ok()
    {
        Assert.True(Code == 0, $"{this}");
        return Text;
    }

    /// <summary>Asserts that the command failed with this code, and returns what it said on standard error.</summary>
    public string Refused(int code = 1)
    {
        Assert.True(Code == code, $"expected exit code {code}: {this}");
        return Error.Trim();
    }

    public override string ToString() => $"`{Line}` ended with {Code}\nstdout: {Clip(Output)}\nstderr: {Clip(Error)}";

    static string Clip(string text) => text.Length <= 4000 ? text : string.Concat(text.AsSpan(0, 2000), " … ", text.AsSpan(text.Length - 2000));
}
