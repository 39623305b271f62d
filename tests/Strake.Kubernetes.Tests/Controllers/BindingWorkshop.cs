using System.Collections.Concurrent;
using System.Threading.Channels;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Controllers;

/// <summary>A store, drivers and the controller at work.</summary>
sealed class BindingWorkshop : IEventRecorder
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // Something has happened since the last look.
    readonly Channel<byte> happened = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public BindingWorkshop() => Store.Changed += () => happened.Writer.TryWrite(0);

    public MemoryObjectStore Store { get; } = new();

    public FakeVolumeMaker Maker { get; } = new();

    public ConcurrentQueue<(ObjectId About, EventText Text)> Events { get; } = [];

    public void Record(ObjectId about, string uid, EventText text)
    {
        Events.Enqueue((about, text));
        happened.Writer.TryWrite(0);
    }

    /// <summary>Says that something has happened that neither the store nor an event tells.</summary>
    public void Wake() => happened.Writer.TryWrite(0);

    public void PutClaim(string name, string spec, string space = "default") => Store.Put(ObjectId.Claim(new ObjectKey(space, name)),
        $$$"""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{name}}}","namespace":"{{{space}}}","uid":"uid-{{{name}}}","finalizers":["kubernetes.io/pvc-protection"]},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},{{{spec}}}},"status":{}}""");

    public void PutVolume(string name, string spec) => Store.Put(ObjectId.Volume(name),
        $$$"""{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{{name}}}","uid":"uid-{{{name}}}","finalizers":["kubernetes.io/pv-protection"]},"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/srv"},{{{spec}}}},"status":{}}""");

    public void PutPod(string name, string claim) => Store.Put(new ObjectId(ObjectId.Pods, new ObjectKey("default", name)),
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default"},"spec":{"nodeName":"node","volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"{{{claim}}}"}}]}}""");

    public void PutClass(string name, string provisioner = "strake.csi") =>
        Store.Put(new ObjectId(ObjectId.Classes, new ObjectKey("", name)), $$"""{"metadata":{"name":"{{name}}"},"provisioner":"{{provisioner}}"}""");

    /// <summary>Runs the controller until something is so.</summary>
    public async Task RunUntilAsync(Func<bool> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var controller = new BindingController(Store, Maker, this, TimeProvider.System);
        Task run = controller.RunAsync(static (_, _) => { }, ending.Token);
        using var patience = new CancellationTokenSource(s_patience);
        while (!isSo() && !run.IsCompleted)
        {
            try
            {
                await happened.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Out of patience: the assertion below says what there is.
                break;
            }
        }

        bool reached = isSo();
        await ending.CancelAsync();
        await run;
        Assert.True(reached, $"claims: {string.Join('\n', Store.Claims())}\nvolumes: {string.Join('\n', Store.Volumes())}");
    }

    public bool AreBound(int claims) => Store.Claims() is var all && all.Count == claims && all.All(static claim => claim.Phase is ClaimPhase.Bound);

    public bool WasTold(string reason) => Events.Any(item => item.Text.Reason == reason);
}
