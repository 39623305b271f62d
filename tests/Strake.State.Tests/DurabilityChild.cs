using Strake.State.Sqlite;

namespace Strake.State.Tests;

/// <summary>Makes 100 commits of each durability, one after the other, with marks between them that a tracer of its system calls sees.</summary>
static class DurabilityChild
{
    public const int Commits = 100;

    public static async Task RunAsync(string path)
    {
        await using var store = SqliteStateStore.Open(new SqliteStateOptions(path));
        foreach (var durability in (Durability[])[Durability.Eventual, Durability.Synced, Durability.Eventual])
        {
            File.Exists($"/mark/{durability}");
            for (var i = 0; i < Commits; i++)
                await store.CommitAsync(new StateTransaction(durability).Put($"k{i}", new byte[300]));
        }

        File.Exists("/mark/end");
    }
}
