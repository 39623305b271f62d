using Strake.Kubernetes.Records;
using Strake.Kubernetes.Storage;

namespace Strake.Kubernetes.Controllers.Holds;

/// <summary>
/// Keeps the engine's ledger of uses as the PersistentVolumes are: who is bound holds its storage, so that Docker does not remove it; who is not bound any more lets go.
/// </summary>
/// <param name="store">The objects.</param>
/// <param name="storage">The storage.</param>
/// <param name="time">The clock.</param>
public sealed class HoldController(IObjectStore store, ClaimStorage storage, TimeProvider time)
{
    readonly ObjectFollower follower = new(store, [ObjectId.Volumes], time);

    /// <summary>Works until it is cancelled; returns when the steps under way have ended.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken)
    {
        await storage.Holds.SweepAsync(AllAsync, cancellationToken);
        await follower.RunAsync(static (change, _) => ValueTask.FromResult<IEnumerable<ObjectId>>([change.Id]), StepAsync, failed, cancellationToken);
    }

    async Task StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        StoredObject? stored = await follower.FindAsync(id, cancellationToken);
        await storage.Holds.FollowAsync(id.Key.Name, stored is null ? null : PersistentVolume.Read(stored.Document), cancellationToken);
    }

    async Task<(IReadOnlyList<PersistentVolume> Volumes, IReadOnlyList<Claim> Claims)> AllAsync(CancellationToken cancellationToken) => (
        [.. (await follower.AllAsync(ObjectId.Volumes, cancellationToken)).Select(static item => PersistentVolume.Read(item.Document))],
        [.. (await follower.AllAsync(ObjectId.Claims, cancellationToken)).Select(static item => Claim.Read(item.Document))]);
}
