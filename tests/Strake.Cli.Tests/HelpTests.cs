using System.Text.RegularExpressions;
using Strake.Daemon.Configuration;

namespace Strake.Cli.Tests;

/// <summary>The texts of the help, compared with what there is.</summary>
public sealed partial class HelpTests
{
    const int Width = 140;

    static readonly string[] s_commands = ["daemon", "down", "fsck", "storage", "volume"];

    [Theory]
    [InlineData("")]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help nonsense")]
    public async Task Who_asks_for_nothing_in_particular_gets_the_overview(string line)
    {
        string text = (await CommandRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Ok();
        Assert.StartsWith("Usage: strake COMMAND [OPTIONS]", text, StringComparison.Ordinal);
        Assert.All(s_commands.Concat(["version", "help"]), name => Assert.Matches($"(?m)^  {name} ", text));
    }

    [Fact]
    public async Task Each_command_has_a_help_of_its_own_in_three_ways()
    {
        foreach (string name in s_commands)
        {
            string text = (await CommandRun.OfAsync("help", name)).Ok();
            Assert.StartsWith($"Usage: strake {name} ", text, StringComparison.Ordinal);
            Assert.Equal(text, (await CommandRun.OfAsync(name, "--help")).Ok());
            Assert.Equal(text, (await CommandRun.OfAsync(name, "-h")).Ok());
        }
    }

    [Fact]
    public async Task Every_setting_of_the_daemon_is_told()
    {
        string text = (await CommandRun.OfAsync("help", "daemon")).Ok();
        Assert.All(DaemonSettings.All, setting => Assert.Contains($"--{setting.Flag} ", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_option_of_the_volume_commands_that_is_told_there_is()
    {
        string text = (await CommandRun.OfAsync("help", "volume")).Ok();
        List<string> options = [.. Option().Matches(text).Select(static match => match.Value).Distinct()];
        Assert.Contains("--since", options);
        foreach (string option in options)
            Assert.Equal($"strake volume: flag needs an argument: {option}\nSee 'strake help volume'.", (await CommandRun.OfAsync("volume", option)).Refused(2));
    }

    [Fact]
    public async Task Every_volume_command_that_is_told_there_is()
    {
        await using var daemon = new FakeDaemon { Answer = static _ => (404, """{"message":"not here"}""") };
        string text = (await CommandRun.OfAsync("help", "volume")).Ok();
        string[] lines = [.. Command().Matches(text).Select(static match => match.Value.Trim())];
        Assert.True(lines.Length >= 14, text);
        foreach (string line in lines)
        {
            // As it is told, with a name for each word in capitals.
            string[] words = [.. Regex.Replace(line, @"\[.*?\]|\.\.\.", "", RegexOptions.NonBacktracking).Replace("NAME@SNAPSHOT", "a@b", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            CommandRun run = await daemon.RunAsync(["volume", .. words.Select(word => word == "FILE" || word == "DIR" ? daemon["no-such"] : word)]);
            Assert.True(run.Code == 1 || (run.Code == 2 && run.Errors.Contains("no OCI layout", StringComparison.Ordinal)), $"{line}: {run}");
        }
    }

    [Fact]
    public async Task No_line_is_too_wide_to_be_read()
    {
        foreach (string name in s_commands.Append(""))
            Assert.All((await CommandRun.OfAsync("help", name)).Ok().Split('\n'), line => Assert.True(line.Length <= Width && line.TrimEnd() == line, line));
    }

    [GeneratedRegex(@"--[a-z-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Option();

    // Between "Commands:" and "Options:", up to the gap before what it does.
    [GeneratedRegex(@"(?m)^  [a-z]+( [^ ]+)*(?=  )", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Command();
}
