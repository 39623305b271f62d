using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using static Strake.Kubernetes.Tests.KubeFixture;
using KubeObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Tests.Controllers;

public sealed class EventRecorderTests
{
    static readonly ObjectId s_claim = ObjectId.Claim(new ObjectKey("default", "data"));

    [Fact]
    public async Task The_same_event_is_counted_and_written_when_the_count_has_doubled()
    {
        await using var kube = await OpenAsync();
        KubeObject last = await TellAsync(kube, times: 9, until: static count => count == 8);
        var document = last.ToDocument();
        Assert.Equal(8, document.NumberAt("count"));
        Assert.Equal("PersistentVolumeClaim", document.TextAt("involvedObject", "kind"));
        Assert.Equal("FailedBinding", document.TextAt("reason"));
        Assert.Equal("binder", document.TextAt("source", "component"));
        Assert.Single((await kube.Objects.ListAsync(EventKind.Kind, null, Cancel)).Items);
        Assert.Equal(4, (await HistoryAsync(kube, until: last.Revision)).Count);
    }

    [Fact]
    public async Task An_event_in_a_namespace_that_is_gone_is_told_and_keeps_no_other_from_being_written()
    {
        await using var kube = await OpenAsync();
        List<string> failures = [];
        var recorder = new EventRecorder(kube.Objects, KindCatalog.BuiltIn, TimeProvider.System);
        IEventRecorder binder = recorder.For("binder");
        binder.Record(ObjectId.Claim(new ObjectKey("gone", "data")), "u", EventText.Normal("A", "a"));
        binder.Record(ObjectId.Volume("v"), "u", EventText.Normal("B", "b"));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task run = recorder.RunAsync(e => failures.Add(e.Message), ending.Token);
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(EventKind.Kind, null, 1, Cancel))
        {
            Assert.Equal("default", change.Object.Name.Namespace);
            break;
        }

        await ending.CancelAsync();
        await run;
        Assert.Contains("gone", Assert.Single(failures), StringComparison.Ordinal);
    }

    static async Task<KubeObject> TellAsync(KubeFixture kube, int times, Func<long, bool> until)
    {
        var recorder = new EventRecorder(kube.Objects, KindCatalog.BuiltIn, TimeProvider.System);
        IEventRecorder binder = recorder.For("binder");
        for (int i = 0; i < times; i++) binder.Record(s_claim, "u", EventText.Normal("FailedBinding", "no volume"));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task run = recorder.RunAsync(static e => throw e, ending.Token);
        KubeObject? last = null;
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(EventKind.Kind, null, 1, Cancel))
        {
            last = change.Object;
            if (until(last.ToDocument().NumberAt("count") ?? 0)) break;
        }

        await ending.CancelAsync();
        await run;
        return last!;
    }

    static async Task<List<ObjectEvent>> HistoryAsync(KubeFixture kube, long until)
    {
        List<ObjectEvent> all = [];
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(EventKind.Kind, null, 1, Cancel))
        {
            all.Add(change);
            if (change.Object.Revision >= until) break;
        }

        return all;
    }
}
