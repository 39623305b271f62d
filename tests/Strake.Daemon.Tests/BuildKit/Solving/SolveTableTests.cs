using System.Globalization;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Solving;
using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.Tests.BuildKit.Solving;

public sealed class SolveTableTests
{
    readonly SolveTable table = new(TimeProvider.System);
    readonly FakeBackend backend = new();

    [Fact]
    public async Task A_probe_is_remembered_however_many_builds_there_were()
    {
        for (int build = 0; build < 100; build++) await RunAsync(build.ToString(CultureInfo.InvariantCulture), isInternal: false);
        await RunAsync("probe", isInternal: true);
        Assert.Equal("probe", (await table.GetRecordAsync("probe", TestContext.Current.CancellationToken)).Ref);
    }

    [Fact]
    public async Task What_is_remembered_has_a_bound()
    {
        for (int build = 0; build < 200; build++) await RunAsync(build.ToString(CultureInfo.InvariantCulture), isInternal: build % 2 == 0);
        Assert.Equal(100, table.Records.Count);
        Assert.Equal("199", table.Records[^1].Ref);
    }

    async Task RunAsync(string id, bool isInternal)
    {
        var session = new SilentSession();
        var progress = new SolveProgress(TimeProvider.System);
        await using var solve = new Solve(new SolveRequest { Ref = id }, session, session, backend, progress, TestContext.Current.CancellationToken);
        table.Add(solve, new SolveRecord(id, progress, new BuildHistoryRecord(), isInternal));
        table.End(id);
    }
}
