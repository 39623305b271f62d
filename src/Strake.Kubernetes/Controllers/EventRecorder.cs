using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers;

/// <summary>
/// Writes events as objects, behind the back of who tells them: nobody waits, and what cannot be written is told to nobody. The same one again is
/// counted on the object that is there, as Kubernetes does.
/// </summary>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that are served.</param>
/// <param name="time">The clock.</param>
public sealed class EventRecorder(ObjectStore objects, KindCatalog kinds, TimeProvider time)
{
    // A burst of claims tells two events each; beyond this the newest are dropped.
    const int MaxWaiting = 8192;
    const int MaxRemembered = 4096;
    const string WithoutNamespace = "default";

    // What stays as it is, is told again and again: it is written when the count has doubled, and so often that its time to live is not over.
    static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(10);

    readonly Channel<Told> waiting = Channel.CreateBounded<Told>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    readonly Dictionary<Told, Seen> remembered = [];
    readonly Queue<Told> order = [];

    /// <summary>The recorder of a component.</summary>
    /// <param name="component">Its name, as users see it behind <c>From</c>.</param>
    public IEventRecorder For(string component) => new Component(this, component);

    /// <summary>Writes what is told until it is cancelled.</summary>
    /// <param name="failed">Told of each event that could not be written; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (Told told in waiting.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    await WriteAsync(told, cancellationToken);
                }
                catch (Exception e) when (e is StatusException or StrakeException)
                {
                    // The namespace may be gone, the disk full: events are worth no more than that.
                    failed(e);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    async Task WriteAsync(Told told, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        Seen seen = remembered.GetValueOrDefault(told) is { } earlier ? earlier with { Count = earlier.Count + 1 } : new Seen(NameOf(told), Now(), 1, now);
        bool isDue = BitOperations.IsPow2(seen.Count) || now - seen.WrittenAt >= s_longestSilence;
        if (isDue) seen = seen with { WrittenAt = now };
        Remember(told, seen);
        if (!isDue) return;
        if (seen.Count > 1 && await TryCountAsync(told, seen, cancellationToken)) return;
        await objects.CreateAsync(EventKind.Kind, DocumentOf(told, seen), isDryRun: false, cancellationToken);
    }

    // The oldest is forgotten first: told again, it is an event of its own.
    void Remember(Told told, Seen seen)
    {
        if (!remembered.ContainsKey(told)) order.Enqueue(told);
        remembered[told] = seen;
        while (order.Count > MaxRemembered) remembered.Remove(order.Dequeue());
    }

    async Task<bool> TryCountAsync(Told told, Seen seen, CancellationToken cancellationToken)
    {
        try
        {
            await objects.UpdateAsync(
                EventKind.Kind, new ObjectName(HomeOf(told), seen.Name),
                document =>
                {
                    document["count"] = seen.Count;
                    document["lastTimestamp"] = Now();
                    return true;
                },
                cancellationToken);
            return true;
        }
        catch (StatusException e) when (e.Status.Code == 404)
        {
            // It was deleted, or its time was over: it begins anew, with its count.
            return false;
        }
    }

    JsonObject DocumentOf(Told told, Seen seen)
    {
        ResourceKind? about = kinds.All.FirstOrDefault(kind => kind.Plural == told.About.Resource);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = seen.Name, ["namespace"] = HomeOf(told) },
            ["involvedObject"] = new JsonObject()
                .WithText("kind", about?.Kind)
                .WithText("namespace", told.About.Key.Namespace)
                .WithText("name", told.About.Key.Name)
                .WithText("uid", told.Uid)
                .WithText("apiVersion", about?.GroupVersion.ToString()),
            ["reason"] = told.Text.Reason,
            ["message"] = told.Text.Message,
            ["source"] = new JsonObject { ["component"] = told.Component },
            ["firstTimestamp"] = seen.First,
            ["lastTimestamp"] = Now(),
            ["count"] = seen.Count,
            ["type"] = told.Text.Type,
            ["reportingComponent"] = told.Component,
            ["reportingInstance"] = "",
        };
    }

    static string HomeOf(Told told) => told.About.Key.Namespace is { Length: > 0 } home ? home : WithoutNamespace;

    // The time makes it unlike any other of the object: at one tick of 100 ns nobody tells twice.
    string NameOf(Told told) => string.Create(CultureInfo.InvariantCulture, $"{told.About.Key.Name}.{time.GetUtcNow().UtcTicks:x}{(uint)told.GetHashCode():x8}");

    string Now() => ApiTime.Text(time.GetUtcNow());

    sealed record Told(string Component, ObjectId About, string Uid, EventText Text);

    sealed record Seen(string Name, string First, int Count, DateTimeOffset WrittenAt);

    sealed class Component(EventRecorder recorder, string name) : IEventRecorder
    {
        public void Record(ObjectId about, string uid, EventText text) => recorder.waiting.Writer.TryWrite(new Told(name, about, uid, text));
    }
}
