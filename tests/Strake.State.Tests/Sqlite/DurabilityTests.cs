using System.Text.RegularExpressions;
using Strake.State.Sqlite;

namespace Strake.State.Tests.Sqlite;

public sealed partial class DurabilityTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Synced_commits_wait_for_the_disk_and_eventual_ones_do_not()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs strace");
        using var child = ChildProcess.Start(
            nameof(DurabilityChild),
            _folder["strake.db"],
            environment: null,
            "/usr/bin/strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,?lstat,?newfstatat", "-o", _folder["trace"]);
        await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, child.ExitCode);

        // Between two marks stand the syncs of what was committed there.
        var trace = await File.ReadAllTextAsync(_folder["trace"], TestContext.Current.CancellationToken);
        var parts = Mark().Split(trace);
        Assert.Equal(5, parts.Length);
        Assert.Equal([0, DurabilityChild.Commits, 0], parts[1..4].Select(part => Sync().Count(part)));
    }

    [Fact]
    public async Task Commits_overwrite_their_log_and_make_it_longer_only_now_and_then()
    {
        await using var store = SqliteStateStore.Open(new SqliteStateOptions(_folder["strake.db"]));
        var lengths = new HashSet<long>();
        for (var i = 0; i < 100; i++)
        {
            await store.CommitAsync(new StateTransaction().Put($"key{i}", new byte[100]), TestContext.Current.CancellationToken);
            // What the writer does between two groups is done when the next one is.
            await store.CheckAsync(TestContext.Current.CancellationToken);
            lengths.Add(new FileInfo(_folder["strake.db-wal"]).Length);
        }

        Assert.InRange(lengths.Count, 1, 10);
    }

    [GeneratedRegex("/mark/[A-Za-z]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\bf(data)?sync\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sync();
}
