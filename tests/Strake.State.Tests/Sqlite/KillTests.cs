using System.Globalization;
using Strake.State.Sqlite;

namespace Strake.State.Tests.Sqlite;

public sealed class KillTests : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task What_was_acknowledged_survives_kill_and_nothing_is_half()
    {
        var acknowledged = new List<long>();
        // Five lives, each ended at some moment among its commits; each reads what the one before left.
        for (var life = 0; life < 5; life++)
        {
            using var child = ChildProcess.Start(nameof(CommittingChild), _folder["strake.db"]);
            for (var i = 0; i < 2000; i++)
                acknowledged.Add(Parse(await child.StandardOutput.ReadLineAsync(Cancellation)));
            child.Kill();
            acknowledged.AddRange(await RestAsync(child));
            await AssertWholeAsync(acknowledged);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("state.commit.before:1")]
    [InlineData("state.commit.before:40")]
    [InlineData("state.commit.after:1")]
    [InlineData("state.commit.after:40")]
    public async Task Death_at_a_commits_edge_loses_nothing_acknowledged(string fault)
    {
        using var child = ChildProcess.Start(
            nameof(CommittingChild), _folder["strake.db"], new Dictionary<string, string>(StringComparer.Ordinal) { ["STRAKE_FAULT"] = fault });
        await AssertWholeAsync(await RestAsync(child));
    }

    static async Task<List<long>> RestAsync(System.Diagnostics.Process child)
    {
        var lines = await child.StandardOutput.ReadToEndAsync(Cancellation);
        await child.WaitForExitAsync(Cancellation);
        // The last line may have been cut by the kill.
        var end = lines.LastIndexOf('\n') + 1;
        return [.. lines[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    static long Parse(string? line) => long.Parse(line!, CultureInfo.InvariantCulture);

    async Task AssertWholeAsync(List<long> acknowledged)
    {
        await using var store = SqliteStateStore.Open(new SqliteStateOptions(_folder["strake.db"]));
        Assert.Empty(await store.CheckAsync(Cancellation));
        var first = await store.RangeAsync("first/", Cancellation);
        var second = await store.RangeAsync("second/", Cancellation);
        Assert.Equal(first.Select(e => e.Key["first/".Length..]), second.Select(e => e.Key["second/".Length..]));
        Assert.Equal(first.Select(e => e.ModRevision), second.Select(e => e.ModRevision));

        var there = first.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(acknowledged, pair => !there.Contains(CommittingChild.First(pair)));
        // One revision a commit, without a hole: the order in which they were made is the order in which they are kept.
        Assert.Equal(Enumerable.Range(1, first.Count).Select(i => (long)i), first.Select(e => e.ModRevision).Order());
    }
}
