namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>Keeps the pods of stateful sets, replica sets, deployments and daemon sets. Each step is one write, and what a crash leaves undone is decided anew at the next start.</summary>
public sealed class WorkloadController : IDisposable
{
    const int Workers = 8;

    static readonly string[] s_resources =
        [WorkloadCache.Deployments, WorkloadCache.ReplicaSets, WorkloadCache.StatefulSets, WorkloadCache.DaemonSets, WorkloadCache.Revisions, ObjectId.Pods, ObjectId.Claims, ObjectId.Nodes];

    readonly IObjectStore store;
    readonly WorkloadCache cache = new();
    readonly WorkQueue<ObjectId> queue;
    readonly StatefulSetSteps statefulSets;
    readonly ReplicaSetSteps replicaSets;
    readonly DeploymentSteps deployments;
    readonly DaemonSetSteps daemonSets;

    /// <summary>A controller over some objects.</summary>
    /// <param name="store">Where objects are changed.</param>
    /// <param name="requests">Where objects are made and deleted.</param>
    /// <param name="recorderOf">Who tells users, by the name of the component.</param>
    /// <param name="time">The clock.</param>
    public WorkloadController(IObjectStore store, IObjectRequests requests, Func<string, IEventRecorder> recorderOf, TimeProvider time)
    {
        this.store = store;
        queue = new WorkQueue<ObjectId>(time, BackOff.Default);
        var writes = new WorkloadWrites(store, requests, cache, AddAll);
        statefulSets = new StatefulSetSteps(cache, writes, recorderOf("statefulset-controller"), time);
        replicaSets = new ReplicaSetSteps(cache, writes, recorderOf("replicaset-controller"), time);
        deployments = new DeploymentSteps(cache, writes, recorderOf("deployment-controller"), time);
        daemonSets = new DaemonSetSteps(cache, writes, recorderOf("daemonset-controller"), time);
    }

    /// <summary>Works until it is cancelled; returns when the steps under way have ended.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StrakeException">Whatever the store's list or watch fails with: the controller has ended, and may be run again.</exception>
    public async Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ObjectList all = await store.ListAsync(s_resources, cancellationToken);
        foreach (StoredObject item in all.Objects) cache.Apply(new ObjectChange(item.Id, item.Revision, item));
        AddAll(cache.Workloads());
        Task work = queue.RunAsync(Workers, StepAsync, failed, ending.Token);
        try
        {
            await foreach (ObjectChange change in store.WatchAsync(s_resources, all.Revision, cancellationToken)) AddAll(cache.Apply(change));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await ending.CancelAsync();
            await work;
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Dispose() => queue.Dispose();

    async Task StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        TimeSpan again = id.Resource switch
        {
            WorkloadCache.StatefulSets => await statefulSets.StepAsync(id, cancellationToken),
            WorkloadCache.ReplicaSets => await replicaSets.StepAsync(id, cancellationToken),
            WorkloadCache.Deployments => await deployments.StepAsync(id, cancellationToken),
            WorkloadCache.DaemonSets => await daemonSets.StepAsync(id, cancellationToken),
            _ => throw new InvalidOperationException($"{id} is no workload"),
        };
        if (again > TimeSpan.Zero) queue.AddLater(id, again);
    }

    void AddAll(IReadOnlyCollection<ObjectId> ids)
    {
        foreach (ObjectId id in ids) queue.Add(id);
    }
}
