using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Nodes;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Pods.Probes;
using Strake.Kubernetes.Pods.Volumes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>
/// Runs the node's pods: looks at what is wanted and what is there, has it decided, does the next step, and tells users. It remembers nothing that a restart
/// must know: what runs, what is mounted and how often something failed is found out again.
/// </summary>
public sealed class PodAgent : IDisposable
{
    const int Workers = 16;

    // No decision needs so many steps; one that did would go round in circles.
    const int MostSteps = 32;

    static readonly string[] s_resources = [ObjectId.Pods, ObjectId.ConfigMaps, ObjectId.Secrets];
    static readonly BackOff s_retries = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(2));

    // For what nobody tells: disks that fill up, probes' clocks.
    static readonly TimeSpan s_housekeeping = TimeSpan.FromSeconds(10);

    readonly PodAgentOptions options;
    readonly string node;
    readonly PodCache cache;
    readonly PodTokens tokens;
    readonly PodVolumes volumes;
    readonly PodStarts starts;
    readonly PodEnds ends;
    readonly ProbeRunner probes;
    readonly WorkQueue<string> queue;
    readonly ConcurrentDictionary<string, PodWork> works = new(StringComparer.Ordinal);

    /// <summary>The agent of a node.</summary>
    /// <param name="options">What it works with.</param>
    public PodAgent(PodAgentOptions options)
    {
        this.options = options;
        node = options.Node().Name;
        cache = new PodCache(node);
        tokens = new PodTokens(options.Tokens, options.Time);
        volumes = new PodVolumes(options.Store, options.Claims, options.Inline, tokens, options.Folders, options.Time);
        starts = new PodStarts(options, Wake);
        ends = new PodEnds(options, Wake);
        probes = new ProbeRunner(options, Wake);
        queue = new WorkQueue<string>(options.Time, BackOff.Default);
    }

    /// <summary>Works until it is cancelled. Containers go on.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ObjectList all = await options.Store.ListAsync(s_resources, cancellationToken);
        foreach (StoredObject item in all.Objects.Where(static item => item.Id.Resource is ObjectId.Pods)) cache.Apply(new ObjectChange(item.Id, item.Revision, item));
        foreach (string finding in await options.Claims.ReconcileAsync(cache.Uids(), cancellationToken)) failed(ObjectId.Node(node), StrakeException.InUse(finding));
        Task listening = ListenAsync(ending.Token);
        AddAll([.. cache.Uids(), .. await options.Runtime.PodsAsync(cancellationToken), .. options.Folders.Pods()]);
        Task work = queue.RunAsync(Workers, StepAsync, (uid, error) => failed(IdOf(uid), error), ending.Token);
        await using ITimer housekeeping = options.Time.CreateTimer(_ => AddAll(cache.Where(NeedsHousekeeping)), null, s_housekeeping, s_housekeeping);
        try
        {
            await foreach (ObjectChange change in options.Store.WatchAsync(s_resources, all.Revision, cancellationToken)) AddAll(Apply(change));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await ending.CancelAsync();
            await work;
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends what is under way beside the steps; containers go on.</summary>
    public void Dispose()
    {
        queue.Dispose();
        foreach (PodWork work in works.Values) work.Dispose();
    }

    async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (string uid in options.Runtime.WatchAsync(cancellationToken)) queue.Add(uid);
    }

    IReadOnlyList<string> Apply(ObjectChange change)
    {
        if (change.Id.Resource is ObjectId.Pods) return cache.Apply(change);
        string field = change.Id.Resource is ObjectId.Secrets ? "secret" : "configMap";

        // Its files show the object, or something waits for it: then it need not wait any longer.
        IReadOnlyList<string> concerned = cache.Where(pod => pod.Metadata.Namespace == change.Id.Key.Namespace && !pod.IsTerminated && pod.Spec.GetRawText().Contains($"\"{change.Id.Key.Name}\"", StringComparison.Ordinal)
            && pod.Spec.GetRawText().Contains(field, StringComparison.Ordinal));
        foreach (string uid in concerned)
            if (works.TryGetValue(uid, out PodWork? work)) work.RetryAt = null;
        return concerned;
    }

    bool NeedsHousekeeping(Pod pod) =>
        !pod.IsTerminated && (tokens.AreDue(pod.Uid) || pod.Spec.List("volumes", static volume => volume).Any(PodVolumes.HasDiskLimit));

    async Task StepAsync(string uid, CancellationToken cancellationToken)
    {
        PodWork work = works.GetOrAdd(uid, static uid => new PodWork(uid));
        await RefreshAsync(work, cancellationToken);
        for (int step = 0; step < MostSteps; step++)
        {
            PodView view = await SeeAsync(work, cancellationToken);
            if (view.Pod is { } pod) work.LastSeen = pod;
            probes.Attend(work, view);
            PodDecision decision = PodDecisions.Decide(view);
            bool isLate = work.RetryAt is { } at && at > options.Time.GetUtcNow();
            if (isLate && decision is PodDecision.MountVolumes or PodDecision.MakeSandbox) decision = new PodDecision.Rest(work.RetryAt);

            // Users see where it stands before what takes time is begun; the last of a pod's life is the removal of its object.
            if (decision is not (PodDecision.Start or PodDecision.Dismantle) || step == 0) view = await TellAsync(work, view, cancellationToken);
            if (!await FollowAsync(work, view, decision, cancellationToken)) return;
        }

        throw StrakeException.Internal($"the decisions on pod {uid} lead nowhere");
    }

    // Whether there may be more to do at once.
    async Task<bool> FollowAsync(PodWork work, PodView view, PodDecision decision, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case PodDecision.Rest rest:
                SetAlarm(work, rest.Until);
                return false;
            case PodDecision.MountVolumes:
                return await MountAsync(work, view.Pod!, cancellationToken);
            case PodDecision.MakeSandbox make:
                return await MakeSandboxAsync(work, view, make, cancellationToken);
            case PodDecision.Start start:
                bool isMore = await starts.RunAsync(work, view, start, cancellationToken);
                return isMore;
            case PodDecision.End end:
                ends.Begin(work, view.Pod ?? work.LastSeen, end);
                return false;
            case PodDecision.Settle:
                await SettleAsync(work, view, cancellationToken);
                return true;
            case PodDecision.Dismantle:
                await DismantleAsync(work, view, cancellationToken);
                return false;
            default:
                throw new InvalidOperationException($"no decision on a pod: {decision}");
        }
    }

    async ValueTask<PodView> SeeAsync(PodWork work, CancellationToken cancellationToken)
    {
        PodParts parts = await options.Runtime.FindAsync(work.Uid, cancellationToken);
        work.Address = parts.Sandboxes.FirstOrDefault(static sandbox => sandbox.IsRunning)?.Address ?? "";
        IReadOnlyList<ContainerRun> runs =
        [
            .. parts.Runs.Select(run => run.State is RunState.Ended ? run with { Message = options.Folders.ReadMessage(work.Uid, run.Container, run.Attempt) } : run),
        ];
        return new PodView(cache.Find(work.Uid)?.Pod, options.Time.GetUtcNow())
        {
            Runs = runs,
            Sandboxes = parts.Sandboxes,
            HasVolumes = work.Mounts is not null,
            HoldsVolumes = work.Mounts is not null || options.Folders.HoldVolumes(work.Uid),
            Waits = work.Waits,
            Probes = work.Probes,
            Eviction = work.Eviction,
        };
    }

    async Task RefreshAsync(PodWork work, CancellationToken cancellationToken)
    {
        if (work.Mounts is null || cache.Find(work.Uid) is not { Pod: { IsTerminated: false, Metadata.IsBeingDeleted: false } pod }) return;
        if (volumes.FindOverfull(pod) is { } name)
        {
            string limit = pod.Spec.List("volumes", static volume => volume).First(volume => volume.Text("name") == name).At("emptyDir").Text("sizeLimit");
            work.Eviction ??= ("Evicted", $"Usage of EmptyDir volume \"{name}\" exceeds the limit \"{limit}\". ");
            Tell(pod, EventText.Warning("Evicted", work.Eviction.Value.Message));
        }

        try
        {
            await volumes.RefreshAsync(pod, PlaceOf(work), cancellationToken);
        }
        catch (StrakeException e)
        {
            // The files stay as they were until what they show is there again.
            Tell(pod, EventText.Warning("FailedMount", e.Message));
        }
    }

    async Task<bool> MountAsync(PodWork work, Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            work.Mounts = await volumes.MountAsync(pod, PlaceOf(work), cancellationToken);
            work.Failures = 0;
            return true;
        }
        catch (VolumeFailure e)
        {
            Tell(pod, EventText.Warning(e.Reason, e.Message));
            RetryLater(work);
            return false;
        }
    }

    async Task<bool> MakeSandboxAsync(PodWork work, PodView view, PodDecision.MakeSandbox make, CancellationToken cancellationToken)
    {
        Pod pod = view.Pod!;
        try
        {
            foreach (SandboxRun old in view.Sandboxes) await options.Runtime.RemoveAsync(old.Id, cancellationToken);
            await options.Runtime.MakeSandboxAsync(SandboxOrders.Of(pod, make.Attempt, PlaceOf(work), options.Server), cancellationToken);
            work.Failures = 0;
            return true;
        }
        catch (StrakeException e)
        {
            Tell(pod, EventText.Warning("FailedCreatePodSandBox", $"Failed to create pod sandbox: {e.Message}"));
            RetryLater(work);
            return false;
        }
    }

    async Task SettleAsync(PodWork work, PodView view, CancellationToken cancellationToken)
    {
        foreach (SandboxRun sandbox in view.Sandboxes) await options.Runtime.RemoveAsync(sandbox.Id, cancellationToken);
        await volumes.ReleaseAsync(view.Pod!, work.Mounts?.Values ?? [], cancellationToken);
        work.Mounts = null;
    }

    async Task DismantleAsync(PodWork work, PodView view, CancellationToken cancellationToken)
    {
        foreach (ContainerRun run in view.Runs) await options.Runtime.RemoveAsync(run.Id, cancellationToken);
        foreach (SandboxRun sandbox in view.Sandboxes) await options.Runtime.RemoveAsync(sandbox.Id, cancellationToken);
        if ((view.Pod ?? work.LastSeen) is { } pod) await volumes.ReleaseAsync(pod, work.Mounts?.Values ?? [], cancellationToken);
        else await volumes.ReleaseAsync(work.Uid, cancellationToken);
        options.Folders.RemoveAll(work.Uid);
        work.Mounts = null;
        if (cache.Find(work.Uid) is { } found && found.Pod.Metadata.Finalizers.Count == 0)
        {
            if (await options.Store.TryWriteAsync([new ObjectWrite(found.Stored.Id, found.Stored.Revision, null)], cancellationToken) is null)
                throw StrakeException.Conflict($"{found.Stored.Id} has changed; it is removed anew");
        }

        if (works.TryRemove(work.Uid, out _)) work.Dispose();
    }

    // Writes the status where it differs, and says what is seen since.
    async Task<PodView> TellAsync(PodWork work, PodView view, CancellationToken cancellationToken)
    {
        if (cache.Find(work.Uid) is not { } found || view.Pod is null) return view;
        JsonObject document = JsonObject.Create(found.Stored.Document)!;
        PodStatusDocument.Update(document, view with { Pod = found.Pod }, options.Node().Address);
        if (JsonNode.DeepEquals(document["status"], JsonObject.Create(found.Stored.Document)!["status"])) return view;
        if (await options.Store.TryWriteAsync([new ObjectWrite(found.Stored.Id, found.Stored.Revision, document)], cancellationToken) is not { } written)
            throw StrakeException.Conflict($"{found.Stored.Id} has changed; its status is written anew");
        foreach (StoredObject item in written) cache.Apply(new ObjectChange(item.Id, item.Revision, item));
        return view with { Pod = cache.Find(work.Uid)?.Pod ?? view.Pod };
    }

    PodPlace PlaceOf(PodWork work) => new(work.Address, options.Node());

    void RetryLater(PodWork work)
    {
        work.Failures++;
        work.RetryAt = options.Time.GetUtcNow() + s_retries.After(work.Failures);
        SetAlarm(work, work.RetryAt);
    }

    void SetAlarm(PodWork work, DateTimeOffset? until)
    {
        work.Alarm?.Dispose();
        work.Alarm = null;
        if (until is not { } at) return;
        TimeSpan wait = at - options.Time.GetUtcNow();
        work.Alarm = options.Time.CreateTimer(_ => queue.Add(work.Uid), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    void Wake(string uid) => queue.Add(uid);

    ObjectId IdOf(string uid) => cache.Find(uid)?.Stored.Id ?? new ObjectId(ObjectId.Pods, new ObjectKey("", uid));

    void Tell(Pod pod, EventText told) => options.Events.Record(ObjectId.Pod(pod.Key), pod.Uid, told);

    void AddAll(IEnumerable<string> uids)
    {
        foreach (string uid in uids) queue.Add(uid);
    }
}
