using System.Runtime.CompilerServices;
using Strake.Daemon.BuildKit;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.State;

namespace Strake.Daemon.Tests.BuildKit;

/// <summary>A builder that does what a test says.</summary>
sealed class FakeBackend : IBuildBackend
{
    public BuildWorker Worker { get; init; } = new("strake-test-worker", "linux/amd64")
    {
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["org.mobyproject.buildkit.worker.snapshotter"] = "test" },
    };

    public Func<SolveOrder, IBuildSession, ISolveProgress, CancellationToken, Task<IBuildResult>> Build { get; set; } =
        static (_, _, _, _) => Task.FromResult<IBuildResult>(new FakeResult());

    public List<SolveOrder> Orders { get; } = [];

    public List<CacheRecord> Cache { get; } = [];

    public List<CachePrune> Prunes { get; } = [];

    public Task<IBuildResult> BuildAsync(SolveOrder order, IBuildSession session, IBuildSessions sessions, ISolveProgress progress, CancellationToken cancellationToken)
    {
        lock (Orders) Orders.Add(order);
        return Build(order, session, progress, cancellationToken);
    }

    public Task<ResolvedImage> ResolveImageAsync(ImageQuery query, IBuildSession? session, CancellationToken cancellationToken) =>
        throw StrakeException.NotFound($"{query.Reference} is not there");

    public Task<IReadOnlyList<CacheRecord>> ListCacheAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CacheRecord>>([.. Cache]);

    public async IAsyncEnumerable<CacheRecord> PruneCacheAsync(CachePrune prune, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Prunes.Add(prune);
        foreach (CacheRecord record in Cache)
        {
            await Task.Yield();
            yield return record;
        }
    }
}
