using System.Diagnostics;
using Strake.State.Sqlite;

namespace Strake.State.Tests.Sqlite;

public sealed class DiskFullTests : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public DiskFullTests()
    {
        Directory.CreateDirectory(_folder["disk"]);
        Run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", _folder["disk"]);
    }

    public void Dispose()
    {
        Run("umount", _folder["disk"]);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_store_goes_on_when_there_is_space()
    {
        var path = _folder["disk/strake.db"];
        var written = new List<string>();
        await using (var store = SqliteStateStore.Open(new SqliteStateOptions(path)))
        {
            await store.CommitAsync(new StateTransaction().Put("kept", "1"u8.ToArray()), Cancellation);
            await File.WriteAllBytesAsync(_folder["disk/ballast"], new byte[1 << 20], Cancellation);

            StrakeException? full = null;
            for (var i = 0; full is null; i++)
            {
                try
                {
                    await store.CommitAsync(new StateTransaction().Put($"k{i}", new byte[50_000]), Cancellation);
                    written.Add($"k{i}");
                }
                catch (StrakeException e)
                {
                    full = e;
                }
            }

            Assert.Equal(ErrorKind.Exhausted, full.Kind);
            Assert.Contains(path, full.Message, StringComparison.Ordinal);
            Assert.Contains("free space", full.Message, StringComparison.Ordinal);

            // Reads go on, and what failed is not there.
            Assert.Equal(written.Order(StringComparer.Ordinal), (await store.RangeAsync("k", Cancellation)).Select(e => e.Key).Where(k => k != "kept"));

            File.Delete(_folder["disk/ballast"]);
            await store.CommitAsync(new StateTransaction().Put("after", "1"u8.ToArray()), Cancellation);
            Assert.Empty(await store.CheckAsync(Cancellation));
        }

        await using var again = SqliteStateStore.Open(new SqliteStateOptions(path));
        Assert.NotNull(await again.GetAsync("kept", Cancellation));
        Assert.NotNull(await again.GetAsync("after", Cancellation));
        Assert.Equal(written.Count + 1, (await again.RangeAsync("k", Cancellation)).Count);
    }

    [Fact]
    public async Task No_space_to_make_a_store_is_told()
    {
        await using (var ballast = File.Create(_folder["disk/ballast"]))
        {
            try
            {
                while (true) ballast.Write(new byte[4096]);
            }
            catch (IOException)
            {
                // Full, as wanted.
            }
        }

        var full = Assert.Throws<StrakeException>(() => SqliteStateStore.Open(new SqliteStateOptions(_folder["disk/strake.db"])));
        Assert.Equal(ErrorKind.Exhausted, full.Kind);
        File.Delete(_folder["disk/ballast"]);
        await using var store = SqliteStateStore.Open(new SqliteStateOptions(_folder["disk/strake.db"]));
        Assert.Equal(0, store.Revision);
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
