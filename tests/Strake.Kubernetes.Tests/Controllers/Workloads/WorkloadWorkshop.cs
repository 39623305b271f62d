using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Workloads;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Metadata = Strake.Kubernetes.Objects.Metadata;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Tests.Controllers.Workloads;

/// <summary>The API's objects, the controller at work on them, and a node on which every pod is ready at once, unless a test says otherwise.</summary>
sealed class WorkloadWorkshop : IEventRecorder, IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource ending = new();
    readonly WorkloadController controller;
    readonly Task run;
    readonly Task node;

    WorkloadWorkshop(KubeFixture kube)
    {
        Kube = kube;
        controller = new WorkloadController(
            new ObjectAccess(kube.Objects, KindCatalog.BuiltIn), new UserRequests(kube.Writer, kube.Objects, "controller"), _ => this, TimeProvider.System);
        run = controller.RunAsync((id, e) => Failures.Enqueue((id, e)), ending.Token);
        node = RunPodsAsync(kube.Objects.Revision + 1);
    }

    public KubeFixture Kube { get; }

    public ConcurrentQueue<(ObjectId About, EventText Text)> Events { get; } = [];

    public ConcurrentQueue<(ObjectId Id, Exception Error)> Failures { get; } = [];

    /// <summary>Whether a pod that is made gets ready.</summary>
    public Func<JsonObject, bool> GetsReady { get; set; } = static _ => true;

    public static async Task<WorkloadWorkshop> OpenAsync() => new(await KubeFixture.OpenAsync());

    public void Record(ObjectId about, string uid, EventText text) => Events.Enqueue((about, text));

    public Task<StoredObject> CreateAsync(ResourceKind kind, string json) => Kube.CreateAsync(kind, json);

    public Task PatchAsync(ResourceKind kind, string name, string patch) => Kube.PatchAsync(kind, name, PatchKind.Merge, patch);

    /// <summary>The objects of a kind in the namespace of the tests, by name.</summary>
    public async Task<SortedDictionary<string, JsonObject>> ListAsync(ResourceKind kind) => new(
        (await Kube.Objects.ListAsync(kind, "default", KubeFixture.Cancel)).Items.ToDictionary(static item => item.Name.Name, static item => item.ToDocument()), StringComparer.Ordinal);

    /// <summary>Makes a pod ready that was not to be at first.</summary>
    public Task ReadyAsync(string pod) => Kube.Objects.UpdateAsync(PodKind.Kind, KubeFixture.NameOf(PodKind.Kind, pod), MakeReady, KubeFixture.Cancel).AsTask();

    /// <summary>Waits until something is so of a kind's objects.</summary>
    public async Task UntilAsync(ResourceKind kind, Func<SortedDictionary<string, JsonObject>, bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(KubeFixture.Cancel);
        patience.CancelAfter(s_patience);
        long from = Kube.Objects.Revision + 1;
        SortedDictionary<string, JsonObject> items = await ListAsync(kind);
        if (isSo(items)) return;
        try
        {
            await foreach (ObjectEvent _ in Kube.Objects.WatchAsync(kind, "default", from, patience.Token))
                if (isSo(items = await ListAsync(kind))) return;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            Assert.Fail($"{kind}: {string.Join('\n', items.Values.Select(static one => one.ToJsonString()))}\n{string.Join('\n', Failures)}\n{string.Join('\n', Events)}");
        }
    }

    public Task PodsAsync(params string[] names) => UntilAsync(PodKind.Kind, pods => pods.Keys.SequenceEqual(names));

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await run;
        await node;
        controller.Dispose();
        ending.Dispose();
        await Kube.DisposeAsync();
    }

    async Task RunPodsAsync(long from)
    {
        try
        {
            await foreach (ObjectEvent change in Kube.Objects.WatchAsync(PodKind.Kind, null, from, ending.Token))
                if (change.Kind is ObjectEventKind.Added && GetsReady(change.Object.ToDocument())) await TryReadyAsync(change.Object);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    async Task TryReadyAsync(StoredObject pod)
    {
        try
        {
            await Kube.Objects.UpdateAsync(PodKind.Kind, pod.Name, MakeReady, ending.Token);
        }
        catch (StatusException e) when (e.Status.Code == 404)
        {
            // It was deleted as soon as it was there.
        }
    }

    static bool MakeReady(JsonObject pod)
    {
        pod["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastTransitionTime"] = new Metadata(pod).CreationTimestamp }),
        };
        return true;
    }
}
