namespace Strake.Cli.Tests;

/// <summary>The command line as a whole: what is told where, and with which exit code.</summary>
public sealed class CommandsTests
{
    [Theory]
    [InlineData("nonsense", "strake: unknown command: nonsense\nSee 'strake help'.")]
    [InlineData("volume", "strake volume: which command?\nSee 'strake help volume'.")]
    [InlineData("volume nonsense", "strake volume: it makes no sense: nonsense\nSee 'strake help volume'.")]
    [InlineData("volume why", "strake volume: it makes no sense: why\nSee 'strake help volume'.")]
    [InlineData("volume resize data", "strake volume: it makes no sense: resize data\nSee 'strake help volume'.")]
    [InlineData("volume --nonsense", "strake volume: unknown flag: --nonsense\nSee 'strake help volume'.")]
    [InlineData("volume df --host", "strake volume: flag needs an argument: --host\nSee 'strake help volume'.")]
    [InlineData("volume df --keep 1h", "strake volume: --keep has no meaning with df\nSee 'strake help volume'.")]
    [InlineData("volume clone a b -o size=1m", "strake volume: --opt has no meaning with clone\nSee 'strake help volume'.")]
    [InlineData("volume export a --oci d --output f", "strake volume: an export goes to --output or to --oci, not to both\nSee 'strake help volume'.")]
    [InlineData("volume import a --oci d --onto b", "strake volume: --onto has no meaning with --oci: the layout tells what the volume begins as\nSee 'strake help volume'.")]
    [InlineData("volume import a f --oci d", "strake volume: an import is of f or of --oci, not of both\nSee 'strake help volume'.")]
    [InlineData("volume rollback a", "strake volume: roll back a to which snapshot? Write a@SNAPSHOT\nSee 'strake help volume'.")]
    [InlineData("volume rm a --keep 7", "strake volume: invalid time: '7'; write a number with s, m, h or d, such as 7d\nSee 'strake help volume'.")]
    [InlineData("storage", "strake storage: there is one thing to do with storage: migrate\nSee 'strake help storage'.")]
    [InlineData("storage migrate", "strake storage: --to DRIVER is missing\nSee 'strake help storage'.")]
    [InlineData("storage migrate --to", "strake storage: flag needs an argument: --to\nSee 'strake help storage'.")]
    [InlineData("down extra", "strake down: unexpected argument: extra\nSee 'strake help down'.")]
    [InlineData("daemon extra", "strake daemon: \"strake daemon\" accepts no arguments, and got \"extra\"\nSee 'strake help daemon'.")]
    [InlineData("fsck --nonsense", "strake fsck: unknown flag: --nonsense\nSee 'strake help fsck'.")]
    public async Task A_line_that_makes_no_sense_is_refused_with_2_and_the_way_to_the_help(string line, string said)
    {
        CommandRun run = await CommandRun.OfAsync(line.Split(' '));
        Assert.Equal(said, run.Refused(2));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("volume df")]
    [InlineData("volume why data")]
    [InlineData("volume snapshot data")]
    [InlineData("volume rename data other")]
    [InlineData("volume trash")]
    public async Task Without_a_daemon_it_says_so_and_ends_with_1(string line)
    {
        string socket = Path.Combine(Path.GetTempPath(), "strake-no-such-socket");
        CommandRun run = await CommandRun.OfAsync([.. line.Split(' '), "--host", $"unix://{socket}"]);
        string said = run.Refused(1);
        Assert.StartsWith("strake volume: the daemon cannot be asked: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("See 'strake help", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_end_is_no_error()
    {
        string folder = Directory.CreateTempSubdirectory("strake-test-cli-").FullName;
        Assert.Equal($"no daemon is running ({folder}/strake.pid)", (await CommandRun.OfAsync("down", "--exec-root", folder)).Ok());
        Assert.Equal($"no daemon is running ({folder}/p)", (await CommandRun.OfAsync("down", "-p", $"{folder}/p")).Ok());
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    [InlineData("-v")]
    public async Task The_version_is_the_product_s(string word) =>
        Assert.StartsWith($"Strake {Strake.Daemon.Product.Version}", (await CommandRun.OfAsync(word)).Ok(), StringComparison.Ordinal);
}
