using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;

namespace Strake.Daemon.BuildKit;

/// <summary>What stands behind BuildKit's protocol and does the building.</summary>
/// <remarks>
/// The protocol decodes, keeps track of what is said, and encodes; the backend builds. A build is asked for once, its outputs are made from
/// its result, and the result is disposed. All errors are <see cref="StrakeException"/>; their message is what the user reads.
/// </remarks>
/// <example><code>
/// await using IBuildResult result = await backend.BuildAsync(order, session, sessions, progress, cancellationToken);
/// IReadOnlyDictionary&lt;string, string&gt; facts = await result.ExportAsync(session, progress, cancellationToken);
/// </code></example>
interface IBuildBackend
{
    /// <summary>What clients are told of the builder. Cheap: asked several times a build.</summary>
    BuildWorker Worker { get; }

    /// <summary>Builds.</summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="session">The client: its files, secrets, log-ins.</param>
    /// <param name="sessions">All clients: a directory can be another session's (<see cref="SolveOrder.DirectorySessions"/>).</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Gives it up; also ends when the client has gone. Processes are stopped, nothing is left.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="StrakeException">It failed. Where, was told to <see cref="ISolveProgress.Blame"/> before.</exception>
    Task<IBuildResult> BuildAsync(SolveOrder order, IBuildSession session, IBuildSessions sessions, ISolveProgress progress, CancellationToken cancellationToken);

    /// <summary>An image's digest and config, from the store or its registry.</summary>
    /// <param name="query">Which.</param>
    /// <param name="session">The client: its log-ins; null: there is none.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">NotFound, and what else a registry can say.</exception>
    Task<ResolvedImage> ResolveImageAsync(ImageQuery query, IBuildSession? session, CancellationToken cancellationToken);

    /// <summary>What the build cache keeps.</summary>
    /// <param name="filters">Docker's filters, <c>name=value</c>; all must hold.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">Invalid: a filter that is not known.</exception>
    Task<IReadOnlyList<CacheRecord>> ListCacheAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken);

    /// <summary>Removes from the build cache; what is in use stays.</summary>
    /// <param name="prune">What.</param>
    /// <param name="cancellationToken">Stops it; what is removed by then stays so.</param>
    /// <returns>What was removed, as it goes.</returns>
    /// <exception cref="StrakeException">Invalid: a filter that is not known.</exception>
    IAsyncEnumerable<CacheRecord> PruneCacheAsync(CachePrune prune, CancellationToken cancellationToken);
}
