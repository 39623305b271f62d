using System.Globalization;
using System.Runtime.CompilerServices;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Watches as clients see them: an object that begins to match is added, one that ceases to is deleted; bookmarks in between.</summary>
/// <param name="objects">The objects.</param>
/// <param name="time">The clock of bookmarks.</param>
public sealed class ObjectWatcher(ObjectStore objects, TimeProvider time)
{
    static readonly TimeSpan s_bookmarkEvery = TimeSpan.FromMinutes(1);

    /// <summary>Watches until it is cancelled.</summary>
    /// <exception cref="StatusException">Expired: the changes since that version are forgotten. BadRequest: a parameter makes no sense.</exception>
    public async IAsyncEnumerable<WatchMessage> WatchAsync(WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long reached = VersionOf(request.ResourceVersion);
        if (reached > objects.Revision) throw new StatusException(new(504, "Timeout", $"Too large resource version: {reached}, current: {objects.Revision}") { RetryAfterSeconds = 1 });
        if (reached == 0 || request.SendsInitialEvents)
        {
            ObjectList list = await objects.ListAsync(request.Selection.Kind, request.Selection.Namespace, cancellationToken);
            foreach (StoredObject item in list.Items.Where(request.Selection.Matches)) yield return new("ADDED", item, item.Revision);
            reached = list.Revision;
            if (request.SendsInitialEvents && request.AllowsBookmarks) yield return new("BOOKMARK", null, reached, EndsInitial: true);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<ObjectEvent> changes =
            objects.WatchAsync(request.Selection.Kind, request.Selection.Namespace, reached + 1, ending.Token).GetAsyncEnumerator(ending.Token);
        Task<bool> next = changes.MoveNextAsync().AsTask();
        try
        {
            using var ticks = new PeriodicTimer(s_bookmarkEvery, time);
            Task<bool> tick = ticks.WaitForNextTickAsync(cancellationToken).AsTask();
            long seen = objects.Revision;
            while (true)
            {
                if (await Task.WhenAny(next, tick) == next)
                {
                    if (!await next) yield break;
                    reached = changes.Current.Object.Revision;
                    if (MessageOf(changes.Current, request.Selection) is { } message) yield return message;
                    next = changes.MoveNextAsync().AsTask();
                    continue;
                }

                await tick;
                tick = ticks.WaitForNextTickAsync(cancellationToken).AsTask();
                // What had happened at the last tick has come by now: the bookmark must not be ahead of an event that is still on its way.
                if (!next.IsCompleted) reached = Math.Max(reached, seen);
                seen = objects.Revision;
                if (request.AllowsBookmarks) yield return new("BOOKMARK", null, reached);
            }
        }
        finally
        {
            // Whoever waits must be done before it can be closed.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await changes.DisposeAsync();
        }
    }

    static WatchMessage? MessageOf(ObjectEvent change, Selection selection)
    {
        bool was = change.Previous is { } previous && selection.Matches(previous);
        bool matches = change.Kind is not ObjectEventKind.Deleted && selection.Matches(change.Object);
        return (was, matches) switch
        {
            (false, true) => new("ADDED", change.Object, change.Object.Revision),
            (true, true) => new("MODIFIED", change.Object, change.Object.Revision),
            (true, false) => new("DELETED", change.Previous! with { Revision = change.Object.Revision }, change.Object.Revision),
            (false, false) => null,
        };
    }

    static long VersionOf(string text)
    {
        if (text.Length == 0) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : throw StatusException.BadRequest($"Invalid value: \"{text}\": resourceVersion has to be a whole number");
    }
}
