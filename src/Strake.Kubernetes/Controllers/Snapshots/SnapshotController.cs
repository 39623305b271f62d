using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Snapshots;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Snapshots;

/// <summary>
/// Does what is decided for snapshots and their contents: has them taken, tells how far they are, and has them removed. What a crash leaves undone is decided anew at
/// the next start.
/// </summary>
/// <param name="store">The objects.</param>
/// <param name="taker">Who takes and removes snapshots.</param>
/// <param name="events">Who tells users.</param>
/// <param name="time">The clock.</param>
public sealed class SnapshotController(IObjectStore store, ISnapshotTaker taker, IEventRecorder events, TimeProvider time)
{
    readonly ObjectFollower follower = new(
        store, [ObjectId.Snapshots, ObjectId.SnapshotContents, ObjectId.SnapshotClasses, ObjectId.Claims], time);

    /// <summary>Works until it is cancelled; returns when the steps under way have ended.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken) =>
        follower.RunAsync(ConcernedAsync, StepAsync, failed, cancellationToken);

    async ValueTask<IEnumerable<ObjectId>> ConcernedAsync(ObjectChange change, CancellationToken cancellationToken) => change.Id.Resource switch
    {
        ObjectId.Snapshots => [change.Id, .. await ContentsOfAsync(change, cancellationToken)],
        ObjectId.SnapshotContents when change.After is { } after => [change.Id, SnapshotOf(after)],
        ObjectId.SnapshotContents or ObjectId.SnapshotClasses => await UnsettledAsync(static _ => true, cancellationToken),
        ObjectId.Claims => await UnsettledAsync(
            snapshot => snapshot.Metadata.Namespace == change.Id.Key.Namespace && (snapshot.ClaimName == change.Id.Key.Name || snapshot.Metadata.IsBeingDeleted), cancellationToken),
        _ => [],
    };

    // A snapshot that is gone leaves its content, whose turn it is.
    async ValueTask<IEnumerable<ObjectId>> ContentsOfAsync(ObjectChange change, CancellationToken cancellationToken) => change.After is { } after
        ? [ContentId(ContentNameOf(VolumeSnapshot.Read(after.Document)))]
        : [.. (await follower.AllAsync(ObjectId.SnapshotContents, cancellationToken)).Where(item => SnapshotOf(item) == change.Id).Select(static item => item.Id)];

    async ValueTask<IEnumerable<ObjectId>> UnsettledAsync(Func<VolumeSnapshot, bool> which, CancellationToken cancellationToken) =>
    [
        .. (await follower.AllAsync(ObjectId.Snapshots, cancellationToken))
            .Where(item => VolumeSnapshot.Read(item.Document) is var snapshot && (!snapshot.IsReady || snapshot.Metadata.IsBeingDeleted) && which(snapshot))
            .Select(static item => item.Id),
    ];

    async Task StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (await follower.FindAsync(id, cancellationToken) is not { } stored) return;
        if (id.Resource is ObjectId.Snapshots) await StepAsync(stored, VolumeSnapshot.Read(stored.Document), cancellationToken);
        else await StepAsync(stored, SnapshotContent.Read(stored.Document), cancellationToken);
    }

    async Task StepAsync(StoredObject stored, VolumeSnapshot snapshot, CancellationToken cancellationToken)
    {
        StoredObject? content = await follower.FindAsync(ContentId(ContentNameOf(snapshot)), cancellationToken);
        switch (SnapshotDecisions.Decide(await ViewAsync(snapshot, content, cancellationToken)))
        {
            case SnapshotDecision.Nothing or SnapshotDecision.Wait:
                break;
            case SnapshotDecision.Mark mark:
                DateTimeOffset? taken = content is null ? null : ContentDocument.TakenAt(content.Document);
                JsonObject document = SnapshotDocument.With(stored.Document, snapshot, mark.After, taken, time.GetUtcNow());
                await follower.WriteAsync([new ObjectWrite(stored.Id, stored.Revision, document)], cancellationToken);
                Tell(stored.Id, snapshot.Metadata, mark.Event);
                break;
            case SnapshotDecision.MakeContent make:
                await follower.WriteAsync([new ObjectWrite(ContentId(make.Content.Name), 0, ContentDocument.New(make.Content, make.Class.Metadata.Name))], cancellationToken);
                Tell(stored.Id, snapshot.Metadata, make.Event);
                break;
            case SnapshotDecision.BindContent bind:
                await BindAsync(content!, bind.Content, cancellationToken);
                break;
            case SnapshotDecision.DeleteContent:
                await follower.WriteAsync([new ObjectWrite(content!.Id, content.Revision, ContentDocument.Going(content.Document, time.GetUtcNow()))], cancellationToken);
                break;
            case var other:
                throw new InvalidOperationException($"no decision on a snapshot: {other}");
        }
    }

    async Task StepAsync(StoredObject stored, SnapshotContent content, CancellationToken cancellationToken)
    {
        VolumeSnapshot? snapshot = await follower.FindAsync(SnapshotOf(stored), cancellationToken) is { } found ? VolumeSnapshot.Read(found.Document) : null;
        switch (ContentDecisions.Decide(content, snapshot))
        {
            case ContentDecision.Nothing:
                break;
            case ContentDecision.Take take:
                await TakeAsync(stored, content, take.Name, cancellationToken);
                break;
            case ContentDecision.Delete:
                await RemoveAsync(stored, content);
                await LetGoAsync(stored, content, (ContentDecision.LetGo)ContentDecisions.LetGo(content));
                break;
            case ContentDecision.LetGo letGo:
                await LetGoAsync(stored, content, letGo);
                break;
            case var other:
                throw new InvalidOperationException($"no decision on a snapshot's content: {other}");
        }
    }

    // One that an operator made is held from now on too: its snapshot is not forgotten while it is being removed.
    Task BindAsync(StoredObject stored, SnapshotContent bound, CancellationToken cancellationToken)
    {
        SnapshotContent held = bound with { Metadata = bound.Metadata.WithFinalizer(VolumeFinalizers.BoundContent) };
        JsonObject document = ContentDocument.With(stored.Document, SnapshotContent.Read(stored.Document), held);
        return follower.WriteAsync([new ObjectWrite(stored.Id, stored.Revision, document)], cancellationToken);
    }

    async Task TakeAsync(StoredObject stored, SnapshotContent content, string name, CancellationToken cancellationToken)
    {
        TakenSnapshot taken;
        try
        {
            taken = await taker.TakeAsync(content, name, cancellationToken);
        }
        catch (StrakeException e)
        {
            string message = $"Failed to check and update snapshot content: failed to take snapshot of the volume {content.VolumeHandle}: \"{e.Message}\"";
            await FailAsync(stored, content, message, EventText.Warning("SnapshotCreationFailed", message));
            throw;
        }

        // From here on there is a snapshot: it is told of, so that it is removed with its content.
        await follower.WriteAsync([new ObjectWrite(stored.Id, stored.Revision, ContentDocument.Taken(stored.Document, taken))], CancellationToken.None);
    }

    async Task RemoveAsync(StoredObject stored, SnapshotContent content)
    {
        try
        {
            await taker.RemoveAsync(content, ContentDecisions.NameOf(content), CancellationToken.None);
        }
        catch (StrakeException e)
        {
            await FailAsync(stored, content, e.Message, EventText.Warning("SnapshotDeleteError", $"Failed to delete snapshot: {e.Message}"));
            throw;
        }
    }

    Task LetGoAsync(StoredObject stored, SnapshotContent content, ContentDecision.LetGo letGo) => letGo.After == content
        ? Task.CompletedTask
        : follower.WriteAsync([new ObjectWrite(stored.Id, stored.Revision, ContentDocument.With(stored.Document, content, letGo.After))], CancellationToken.None);

    async Task FailAsync(StoredObject stored, SnapshotContent content, string message, EventText told)
    {
        if (content.Error != message)
            await follower.WriteAsync([new ObjectWrite(stored.Id, stored.Revision, ContentDocument.Failed(stored.Document, content, message, time.GetUtcNow()))], CancellationToken.None);
        Tell(stored.Id, content.Metadata, told);
    }

    async Task<SnapshotView> ViewAsync(VolumeSnapshot snapshot, StoredObject? content, CancellationToken cancellationToken)
    {
        StoredObject? storedClaim = snapshot.ClaimName.Length == 0
            ? null
            : await follower.FindAsync(ObjectId.Claim(snapshot.Key with { Name = snapshot.ClaimName }), cancellationToken);
        Claim? claim = storedClaim is null ? null : Claim.Read(storedClaim.Document);
        StoredObject? volume = claim is null || claim.VolumeName.Length == 0 ? null : await follower.FindAsync(ObjectId.Volume(claim.VolumeName), cancellationToken);
        return new SnapshotView(snapshot)
        {
            Content = content is null ? null : SnapshotContent.Read(content.Document),
            Claim = claim,
            Volume = volume is null ? null : PersistentVolume.Read(volume.Document).Csi,
            Classes = [.. (await follower.AllAsync(ObjectId.SnapshotClasses, cancellationToken)).Select(static item => SnapshotClass.Read(item.Document))],
            IsBeingRestored = snapshot.Metadata.IsBeingDeleted && await IsBeingRestoredAsync(snapshot, cancellationToken),
        };
    }

    async Task<bool> IsBeingRestoredAsync(VolumeSnapshot snapshot, CancellationToken cancellationToken) => (await follower.AllAsync(ObjectId.Claims, cancellationToken)).Any(item =>
        item.Id.Key.Namespace == snapshot.Metadata.Namespace
        && Claim.Read(item.Document) is { Phase: ClaimPhase.Pending, IsBeingProvisioned: true, Source.Kind: "VolumeSnapshot" } claim && claim.Source.Name == snapshot.Metadata.Name);

    void Tell(ObjectId about, Metadata metadata, EventText? told)
    {
        if (told is not null) events.Record(about, metadata.Uid, told);
    }

    static string ContentNameOf(VolumeSnapshot snapshot) =>
        snapshot.WantedContent.Length > 0 ? snapshot.WantedContent
        : snapshot.BoundContent.Length > 0 ? snapshot.BoundContent
        : SnapshotDecisions.ContentNameOf(snapshot);

    static ObjectId ContentId(string name) => new(ObjectId.SnapshotContents, new ObjectKey("", name));

    static ObjectId SnapshotOf(StoredObject content) => new(ObjectId.Snapshots, SnapshotContent.Read(content.Document).Snapshot.Key);
}
