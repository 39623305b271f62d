using System.Globalization;
using System.Text;
using Strake.State.Sqlite;

namespace Strake.State.Tests;

/// <summary>Commits pairs of keys from 64 writers until it is killed, and prints each pair's number once its commit has returned.</summary>
static class CommittingChild
{
    const int Writers = 64;

    public static string First(long pair) => $"first/{pair:00000000}";

    public static string Second(long pair) => $"second/{pair:00000000}";

    public static async Task RunAsync(string path)
    {
        await using var store = SqliteStateStore.Open(new SqliteStateOptions(path));
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        var last = store.Revision * 1000;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            while (true)
            {
                var pair = Interlocked.Increment(ref last);
                var value = BitConverter.GetBytes(pair);
                var durability = writer % 4 == 0 ? Durability.Synced : Durability.Eventual;
                var commit = new StateTransaction(durability).Put(First(pair), value).Put(Second(pair), value).Put("last", value);
                await store.CommitAsync(commit);
                var line = Encoding.ASCII.GetBytes(pair.ToString(CultureInfo.InvariantCulture) + "\n");
                lock (gate) output.Write(line);
            }
        })));
    }
}
