namespace Strake.State.Tests;

public sealed class FaultPointTests : IDisposable
{
    const int KilledExitCode = 128 + 9;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("b", "a")]
    [InlineData("a:2", "a,b")]
    [InlineData("#3", "a,b")]
    [InlineData("#1", "")]
    [InlineData("c", "a,b,a,b")]
    public async Task The_process_dies_at_the_point_chosen(string fault, string passed)
    {
        var (exitCode, output) = await RunAsync("a,b,a,b", new() { ["STRAKE_FAULT"] = fault, ["STRAKE_FAULT_LOG"] = _folder["log"] });
        Assert.Equal(passed, output);
        Assert.Equal(fault == "c" ? 0 : KilledExitCode, exitCode);
        Assert.Equal(fault != "c", File.Exists(_folder["log"]));
        if (fault == "#3") Assert.Equal("a\n", await File.ReadAllTextAsync(_folder["log"], TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task Points_count_and_are_traced_once_armed()
    {
        var points = $"a,b,arm={_folder["arm"]},c,d,e";
        Dictionary<string, string> environment = new()
        {
            ["STRAKE_FAULT_ARM"] = _folder["arm"],
            ["STRAKE_FAULT_TRACE"] = _folder["trace"],
        };
        var (exitCode, _) = await RunAsync(points, environment);
        Assert.Equal(0, exitCode);
        Assert.Equal("c\nd\ne\n", await File.ReadAllTextAsync(_folder["trace"], TestContext.Current.CancellationToken));

        File.Delete(_folder["arm"]);
        environment["STRAKE_FAULT"] = "#2";
        (exitCode, var output) = await RunAsync(points, environment);
        Assert.Equal(KilledExitCode, exitCode);
        Assert.EndsWith(",c", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_environment_a_point_does_nothing() => FaultPoint.Reach("anything");

    static async Task<(int ExitCode, string Output)> RunAsync(string points, Dictionary<string, string> environment)
    {
        using var child = ChildProcess.Start(nameof(FaultingChild), points, environment);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (child.ExitCode, string.Join(',', output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
