using System.Threading.Channels;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Scheduling;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Controllers;

public sealed class SchedulingControllerTests : IEventRecorder
{
    readonly MemoryObjectStore store = new();
    readonly Channel<byte> happened = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly List<EventText> told = [];

    public SchedulingControllerTests() => store.Changed += () => happened.Writer.TryWrite(0);

    void IEventRecorder.Record(ObjectId about, string uid, EventText text)
    {
        lock (told) told.Add(text);
        happened.Writer.TryWrite(0);
    }

    [Fact]
    public async Task A_pod_gets_the_node()
    {
        PutNode();
        PutPod("web", "");
        await RunUntilAsync(() => NodeOf("web") == "node" && Told("Scheduled"));
    }

    [Fact]
    public async Task A_pod_that_waits_is_told_why_and_goes_on_when_that_is_over()
    {
        PutPod("web", "");
        await RunUntilAsync(() => Told("FailedScheduling"));
        PutNode();
        await RunUntilAsync(() => NodeOf("web") == "node");
    }

    [Fact]
    public async Task A_claim_that_waits_for_its_consumer_is_told_the_node()
    {
        PutNode();
        store.Put(new ObjectId(ObjectId.Classes, new ObjectKey("", "late")), """{"metadata":{"name":"late"},"provisioner":"strake.csi","volumeBindingMode":"WaitForFirstConsumer"}""");
        PutClaim("data", """ "storageClassName":"late" """);
        PutPod("web", """ "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}] """);
        await RunUntilAsync(() => store.Claims().Single().Metadata.Annotations.Find(VolumeAnnotations.SelectedNode) == "node");
        Assert.Equal("", NodeOf("web"));
    }

    [Fact]
    public async Task A_volume_of_a_pods_own_gets_its_claim_which_belongs_to_the_pod()
    {
        PutNode();
        PutPod("web", """ "volumes":[{"name":"own","ephemeral":{"volumeClaimTemplate":{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}}}] """);
        await RunUntilAsync(() => store.Claims().Count == 1);
        Claim claim = Assert.Single(store.Claims());
        Assert.Equal("web-own", claim.Metadata.Name);
        Assert.Equal("uid-web", claim.Metadata.Controller?.Uid);
    }

    bool Told(string reason)
    {
        lock (told) return told.Any(text => text.Reason == reason);
    }

    string NodeOf(string pod) => store.ListAsync([ObjectId.Pods], default).Result.Objects.Select(static item => PodUse.Read(item.Document)).Single(item => item.Key.Name == pod).NodeName;

    void PutNode() => store.Put(ObjectId.Node("node"), """{"metadata":{"name":"node","uid":"uid-node"},"status":{"allocatable":{"cpu":"4","memory":"4Gi","pods":"110"}}}""");

    void PutPod(string name, string spec) => store.Put(ObjectId.Pod(new ObjectKey("default", name)),
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default","uid":"uid-{{{name}}}"},"spec":{ {{{spec}}} },"status":{}}""");

    void PutClaim(string name, string spec) => store.Put(ObjectId.Claim(new ObjectKey("default", name)),
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default","uid":"uid-{{{name}}}"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},{{{spec}}}},"status":{}}""");

    async Task RunUntilAsync(Func<bool> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var controller = new SchedulingController(store, this, "node", TimeProvider.System);
        Task run = controller.RunAsync(static (_, _) => { }, ending.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo() && !patience.IsCancellationRequested)
        {
            try
            {
                await happened.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Out of patience: the assertion below says so.
            }
        }

        bool reached = isSo();
        await ending.CancelAsync();
        await run;
        Assert.True(reached);
    }
}
