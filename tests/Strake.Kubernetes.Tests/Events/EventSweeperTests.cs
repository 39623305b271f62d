using System.Globalization;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Events;

/// <summary>The life of events.</summary>
public sealed class EventSweeperTests
{
    [Fact]
    public async Task An_event_goes_an_hour_after_it_was_last_told()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(EventKind.Kind, Event("old", TimeSpan.FromMinutes(61)));
        await kube.CreateAsync(EventKind.Kind, Event("young", TimeSpan.FromMinutes(59)));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        long from = kube.Objects.Revision + 1;
        Task run = new EventSweeper(kube.Objects, new Later(TimeProvider.System)).RunAsync(ending.Token);
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(EventKind.Kind, null, from, ending.Token))
            if (change.Kind is ObjectEventKind.Deleted && change.Object.Name.Name == "old") break;
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(["young"], (await kube.Objects.ListAsync(EventKind.Kind, null, Cancel)).Items.Select(static one => one.Name.Name));
    }

    // Told some time before an hour from now, when the sweeper looks.
    static string Event(string name, TimeSpan before)
    {
        string told = (TimeProvider.System.GetUtcNow() + EventSweeper.Life - before).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $$"""{"metadata":{"name":"{{name}}"},"involvedObject":{"name":"x","namespace":"default"},"reason":"R","type":"Normal","lastTimestamp":"{{told}}"}""";
    }

    // An hour after creation, which counts as a time of telling too.
    sealed class Later(TimeProvider real) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + EventSweeper.Life;
    }
}
