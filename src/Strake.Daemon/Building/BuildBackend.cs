using System.Runtime.CompilerServices;
using Strake.Build;
using Strake.Daemon.BuildKit;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.Images;

namespace Strake.Daemon.Building;

/// <summary>The engine's builder, for clients of BuildKit's protocol.</summary>
/// <param name="worker">What clients are told of it.</param>
/// <param name="builder">Builds.</param>
/// <param name="images">The images.</param>
/// <param name="directory">Where sockets of clients' agents are made; short.</param>
/// <param name="time">The clock.</param>
sealed class BuildBackend(BuildWorker worker, Builder builder, ImageStore images, string directory, TimeProvider time) : IBuildBackend
{
    readonly BuildCache cache = new(builder, time);

    /// <inheritdoc/>
    public BuildWorker Worker => worker;

    /// <inheritdoc/>
    public async Task<IBuildResult> BuildAsync(
        SolveOrder order, IBuildSession session, IBuildSessions sessions, ISolveProgress progress, CancellationToken cancellationToken)
    {
        BuildRequest request = BuildOrders.RequestOf(order, session);
        foreach (string name in order.Outputs.SelectMany(static output => output.Names)) ImageReference.Parse(name);
        var contexts = new SessionContexts(builder, order, request.Arguments, session, sessions, progress);
        var secrets = new SessionSecrets(session, directory);
        var steps = new SolveSteps(progress, contexts);
        try
        {
            if (order.Question is { } question) return await DockerfileAnswers.OfAsync(question, request, contexts, cancellationToken);
            return new SolveResult(order, await builder.SolveAsync(request, contexts, secrets, steps, cancellationToken), images);
        }
        catch (StrakeException e)
        {
            progress.Blame(SpotOf(e, request, contexts), steps.Failed);
            throw;
        }
        finally
        {
            await secrets.DisposeAsync();
            await contexts.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<ResolvedImage> ResolveImageAsync(BuildKit.ImageQuery query, IBuildSession? session, CancellationToken cancellationToken)
    {
        ImageReference reference = ImageReference.Parse(query.Reference);
        Image? image = query.Pull ? null : await images.FindAsync(query.Reference, cancellationToken);
        if (image is null)
        {
            RegistryCredentials? credentials = session is null ? null : await BuildOrders.FindCredentialsAsync(session, reference.Domain, cancellationToken);
            await images.PullAsync(new PullRequest(reference) { Credentials = credentials }, new Progress<TransferProgress>(), cancellationToken);
            image = await images.GetAsync(query.Reference, cancellationToken);
        }

        return new ResolvedImage(reference.OrLatest().ToString(), image.Id.ToString(), image.Config.Bytes);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CacheRecord>> ListCacheAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) => cache.ListAsync(filters, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CacheRecord> PruneCacheAsync(CachePrune prune, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (CacheRecord removed in await cache.PruneAsync(prune, cancellationToken)) yield return removed;
    }

    static SourceSpot? SpotOf(StrakeException error, BuildRequest request, SessionContexts contexts) =>
        DockerfileFault.Of(error) is { Lines.Start: > 0 } fault ? new SourceSpot(request.DockerfilePath, contexts.Dockerfile, fault.Lines.Start, fault.Lines.End) : null;
}
