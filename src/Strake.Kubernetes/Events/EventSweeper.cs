using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes;

/// <summary>Deletes events that were last told an hour ago.</summary>
/// <param name="objects">Where the events are.</param>
/// <param name="time">The clock.</param>
public sealed class EventSweeper(ObjectStore objects, TimeProvider time)
{
    /// <summary>How long an event stays after it was last told.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    // Any of them may be missing: who tells events has had several ways to do it.
    static readonly string[][] s_times = [["lastTimestamp"], ["series", "lastObservedTime"], ["eventTime"], ["firstTimestamp"], ["metadata", "creationTimestamp"]];

    /// <summary>Sweeps until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        do await SweepAsync(cancellationToken);
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset oldest = time.GetUtcNow() - Life;
        foreach (StoredObject one in (await objects.ListAsync(EventKind.Kind, null, cancellationToken)).Items)
        {
            if (LastTold(one) >= oldest) continue;
            try
            {
                await objects.DeleteAsync(EventKind.Kind, one.Name, new Deletion { ResourceVersion = one.ResourceVersion }, cancellationToken);
            }
            catch (StatusException e) when (e.Status.Code is 404 or 409)
            {
                // It is gone already, or was told again just now.
            }
        }
    }

    static DateTimeOffset LastTold(StoredObject one)
    {
        using JsonDocument document = one.Parse();
        return s_times.Select(path => document.RootElement.TextAt(path)).Where(static text => text is not null)
            .Select(static text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : default)
            .DefaultIfEmpty().Max();
    }
}
