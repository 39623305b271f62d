using System.Collections.Concurrent;
using System.Threading.Channels;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Controllers.Expansion;
using Strake.Kubernetes.Controllers.Holds;
using Strake.Kubernetes.Controllers.Snapshots;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Records;
using Strake.Kubernetes.Tests.Controllers;

namespace Strake.Kubernetes.Tests.Storage;

/// <summary>Objects, real storage, and all controllers of storage at work.</summary>
sealed class StorageWorkshop : IEventRecorder, IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly Channel<byte> happened = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    StorageWorkshop(StorageFixture fixture)
    {
        Fixture = fixture;
        Objects.Changed += () => happened.Writer.TryWrite(0);
        Put("storageclasses", "", "fast", """ "provisioner":"strake.csi","parameters":{"backend":"image"},"reclaimPolicy":"Delete","allowVolumeExpansion":true """);
        Put(ObjectId.SnapshotClasses, "", "snaps", """ "driver":"strake.csi","deletionPolicy":"Delete" """);
    }

    public StorageFixture Fixture { get; }

    public MemoryObjectStore Objects => Fixture.Objects;

    public ConcurrentQueue<(ObjectId About, EventText Text)> Events { get; } = [];

    public ConcurrentQueue<(ObjectId Id, Exception Reason)> Failures { get; } = [];

    public static async Task<StorageWorkshop> OpenAsync() => new(await StorageFixture.OpenAsync());

    public void Record(ObjectId about, string uid, EventText text)
    {
        Events.Enqueue((about, text));
        happened.Writer.TryWrite(0);
    }

    public void Put(string resource, string space, string name, string rest) => Objects.Put(
        new ObjectId(resource, new ObjectKey(space, name)),
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"{{{space}}}","uid":"uid-{{{name}}}"},{{{rest}}}}""");

    public void PutClaim(string name, string size = "64Mi", string more = "") => Put(ObjectId.Claims, "default", name,
        $$$$""" "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"fast",{{{{more}}}}"resources":{"requests":{"storage":"{{{{size}}}}"}}},"status":{} """);

    public void PutSnapshot(string name, string source) => Put(ObjectId.Snapshots, "default", name,
        $$""" "spec":{"volumeSnapshotClassName":"snaps","source": { {{source}} } } """);

    public Claim? Find(string claim) => Objects.Claims().FirstOrDefault(item => item.Metadata.Name == claim);

    public bool IsBound(string claim) => Find(claim) is { Phase: ClaimPhase.Bound };

    public VolumeSnapshot? Snapshot(string name) =>
        Objects.Find(new ObjectId(ObjectId.Snapshots, new ObjectKey("default", name))) is { } found ? VolumeSnapshot.Read(found.Document) : null;

    public bool WasTold(string reason) => Events.Any(item => item.Text.Reason == reason);

    /// <summary>Runs the controllers until something is so.</summary>
    public async Task RunUntilAsync(Func<bool> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var binding = new BindingController(Objects, Fixture.Storage, this, TimeProvider.System);
        Task run = Task.WhenAll(
            binding.RunAsync(Failed, ending.Token),
            new HoldController(Objects, Fixture.Storage, TimeProvider.System).RunAsync(Failed, ending.Token),
            new ExpansionController(Objects, Fixture.Storage, this, TimeProvider.System).RunAsync(Failed, ending.Token),
            new SnapshotController(Objects, Fixture.Storage, this, TimeProvider.System).RunAsync(Failed, ending.Token));
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
        Assert.True(reached, $"{string.Join('\n', Objects.Claims())}\n{string.Join('\n', Objects.Volumes())}\n{string.Join('\n', Events)}\n{string.Join('\n', Failures)}");
    }

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();

    void Failed(ObjectId id, Exception reason) => Failures.Enqueue((id, reason));
}
