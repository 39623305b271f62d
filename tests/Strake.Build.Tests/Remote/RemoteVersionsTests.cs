using System.Globalization;
using Strake.State;

namespace Strake.Build.Tests.Remote;

public sealed class RemoteVersionsTests : IAsyncDisposable
{
    readonly CountingStateStore _state = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _state.DisposeAsync();

    [Fact]
    public async Task Those_that_were_of_no_use_for_the_longest_time_go()
    {
        var time = new SteppingTime();
        var versions = new RemoteVersions(_state, time);
        const int all = RemoteVersions.Most + 2 * RemoteVersions.SweepInterval;
        for (var number = 0; number < all; number++)
        {
            await versions.KeepAsync(Source(number), Version(number), Cancel);
            Assert.True(await CountAsync() <= RemoteVersions.Most + RemoteVersions.SweepInterval);
        }

        Assert.Null(await versions.FindAsync(Source(0), Cancel));
        Assert.Equal(Version(all - 1).ETag, (await versions.FindAsync(Source(all - 1), Cancel))?.ETag);
        Assert.NotNull(await versions.FindAsync(Source(all - RemoteVersions.Most), Cancel));
    }

    [Fact]
    public async Task A_write_does_not_read_them_all()
    {
        var versions = new RemoteVersions(_state, new SteppingTime());
        for (var number = 0; number < 2 * RemoteVersions.SweepInterval; number++) await versions.KeepAsync(Source(number), Version(number), Cancel);
        Assert.Equal(2, _state.Ranges);
    }

    [Fact]
    public async Task What_a_server_has_no_word_for_is_not_kept()
    {
        var versions = new RemoteVersions(_state, new SteppingTime());
        await versions.KeepAsync(Source(1), new RemoteVersion { Digest = Version(1).Digest }, Cancel);
        await versions.KeepAsync(Source(2), Version(2) with { ETag = new string('x', 5000) }, Cancel);
        Assert.Equal(0, await CountAsync());
    }

    async Task<int> CountAsync() => (await _state.Inner.RangeAsync("build-address/", Cancel)).Count;

    static HttpSource Source(int number) => HttpSource.TryParse($"http://example.org/{number.ToString(CultureInfo.InvariantCulture)}")!;

    static RemoteVersion Version(int number) => new()
    {
        ETag = $"\"{number.ToString(CultureInfo.InvariantCulture)}\"",
        Digest = Images.Digest.Of([(byte)number]).ToString(),
        Name = "file",
    };

    /// <summary>A clock that goes on by a second whenever it is read.</summary>
    sealed class SteppingTime : TimeProvider
    {
        DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }

    /// <summary>A store that counts how often all of a prefix is read.</summary>
    sealed class CountingStateStore : IStateStore
    {
        public MemoryStateStore Inner { get; } = new();

        public int Ranges { get; private set; }

        public long Revision => Inner.Revision;

        public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => Inner.GetAsync(key, cancellationToken);

        public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default)
        {
            Ranges++;
            return Inner.RangeAsync(prefix, cancellationToken);
        }

        public ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default) =>
            Inner.CommitAsync(transaction, cancellationToken);

        public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
            Inner.WatchAsync(prefix, fromRevision, cancellationToken);

        public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default) => Inner.CompactAsync(revision, cancellationToken);

        public ValueTask DisposeAsync() => Inner.DisposeAsync();
    }
}
