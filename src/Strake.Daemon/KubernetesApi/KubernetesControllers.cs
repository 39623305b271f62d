using Microsoft.Extensions.Logging;
using Strake.Daemon.KubernetesApi.Pods;
using Strake.Kubernetes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Controllers.Expansion;
using Strake.Kubernetes.Controllers.Holds;
using Strake.Kubernetes.Controllers.Nodes;
using Strake.Kubernetes.Controllers.Scheduling;
using Strake.Kubernetes.Controllers.Snapshots;
using Strake.Kubernetes.Controllers.Workloads;
using Strake.Kubernetes.Garbage;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Limits;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Storage;
using Strake.State;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The controllers: all of them stand in one list, run side by side, and are begun anew where one fails as a whole.</summary>
sealed partial class KubernetesControllers
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    readonly TimeProvider time;
    readonly ILogger log;
    readonly (string Name, Func<CancellationToken, Task> Run)[] all;

    /// <summary>The controllers over some objects.</summary>
    /// <param name="kinds">The kinds that are served.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="writer">Writes of users, for what controllers make as users do.</param>
    /// <param name="storageOf">Makes the storage behind claims.</param>
    /// <param name="host">What pods are run with.</param>
    /// <param name="front">What pods know of the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where failures are told.</param>
    public KubernetesControllers(
        CustomKinds kinds, ObjectStore objects, ObjectWriter writer, Func<IObjectStore, ClaimStorage> storageOf, PodHost host, ServerFront front, TimeProvider time, ILogger log)
    {
        (this.time, this.log) = (time, log);
        var store = new ObjectAccess(objects, KindCatalog.BuiltIn);
        var events = new EventRecorder(objects, KindCatalog.BuiltIn, time);
        ClaimStorage storage = storageOf(store);
        KindCatalog Served() => kinds.Served.Catalog;
        all =
        [
            ("kinds", kinds.RunAsync),
            ("events", stopping => events.RunAsync(e => LogEvent(e.Message), stopping)),
            ("service accounts", new DefaultAccounts(objects).RunAsync),
            ("root certificates", new RootCertificates(objects, front.Authority).RunAsync),
            ("roles", new RoleAggregator(objects).RunAsync),
            ("old events", new EventSweeper(objects, time).RunAsync),
            ("namespaces", new NamespaceEmptier(objects, Served).RunAsync),
            ("binding", async stopping =>
            {
                using var binding = new BindingController(store, storage, events.For("persistentvolume-controller"), time);
                await binding.RunAsync((id, e) => Failed("binding", id, e), stopping);
            }),
            ("nodes", async stopping =>
            {
                using var nodes = new NodeController(store, host.Node, time);
                await nodes.RunAsync((id, e) => Failed("nodes", id, e), stopping);
            }),
            ("scheduling", async stopping =>
            {
                using var scheduling = new SchedulingController(store, events.For("default-scheduler"), host.Node().Name, time);
                await scheduling.RunAsync((id, e) => Failed("scheduling", id, e), stopping);
            }),
            ("pods", async stopping =>
            {
                using var pods = new PodAgent(host.AgentOf(store, storage, events.For("kubelet"), front.Tokens, front.Place, time));
                await pods.RunAsync((id, e) => Failed("pods", id, e), stopping);
            }),
            ("workloads", async stopping =>
            {
                using var workloads = new WorkloadController(store, new UserRequests(writer, objects, "strake-controllers"), events.For, time);
                await workloads.RunAsync((id, e) => Failed("workloads", id, e), stopping);
            }),
            ("garbage", async stopping =>
            {
                using var garbage = new GarbageCollector(objects, Served, time);
                await garbage.RunAsync((key, e) => Failed("garbage", key, e), stopping);
            }),
            ("quotas", async stopping =>
            {
                using var quotas = new QuotaRecounter(objects, Served, time);
                await quotas.RunAsync((home, e) => Failed("quotas", home, e), stopping);
            }),
            ("holds", stopping => new HoldController(store, storage, time).RunAsync((id, e) => Failed("holds", id, e), stopping)),
            ("expansion", stopping => new ExpansionController(store, storage, events.For("external-resizer strake.csi"), time)
                .RunAsync((id, e) => Failed("expansion", id, e), stopping)),
            ("snapshots", stopping => new SnapshotController(store, storage, events.For("snapshot-controller"), time)
                .RunAsync((id, e) => Failed("snapshots", id, e), stopping)),
        ];
    }

    /// <summary>Runs them until it is cancelled; returns when the steps under way have ended.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(all.Select(one => Task.Run(() => KeepAsync(one.Name, one.Run, stopping), CancellationToken.None)));

    async Task KeepAsync(string name, Func<CancellationToken, Task> run, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await run(stopping);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the others go on; begun anew, it looks at everything.
                LogController(name, e is StatusException or StrakeException ? e.Message : e.ToString());
                await Task.Delay(s_pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    void Failed(string controller, object about, Exception e)
    {
        // That somebody else wrote first is daily business: it is decided anew.
        if (e is StrakeException { Kind: ErrorKind.Conflict }) return;
        LogStep(controller, about, e is StatusException or StrakeException ? e.Message : e.ToString());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event was not written: {Reason}")]
    partial void LogEvent(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The controller of {Name} failed, and is begun anew: {Reason}")]
    partial void LogController(string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The controller of {Controller} failed on {Object}, and tries again later: {Reason}")]
    partial void LogStep(string controller, object @object, string reason);
}
