using System.Globalization;

namespace Strake.Containers.Engine;

/// <summary>Removes containers that do not run.</summary>
sealed class ContainerPrune(EngineContext context, ContainerRemoval removal)
{
    /// <summary>As <see cref="ContainerEngine.PruneAsync"/>.</summary>
    public async Task<PruneReport> RunAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, CancellationToken cancellationToken)
    {
        Predicate<Container> wanted = Filter(filters, context.Now);
        List<string> deleted = [];
        long reclaimed = 0;
        foreach (ContainerUnit unit in context.Table.All.ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (unit.Container.IsStep || unit.Container.State.Status is not (ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Dead) || !wanted(unit.Container))
                continue;
            try
            {
                long size = await SizeAsync(unit, cancellationToken);
                await removal.RemoveAsync(unit, new RemoveOptions(), cancellationToken);
                deleted.Add(unit.Id);
                reclaimed += size;
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
            {
                // Observed: it was started or removed meanwhile.
            }
        }

        return new PruneReport(deleted, reclaimed);
    }

    async Task<long> SizeAsync(ContainerUnit unit, CancellationToken cancellationToken) =>
        await context.Layers.FindWritableAsync(unit.Holder, cancellationToken) is { } layer ? context.Layers.Measure(layer).SizeBytes : 0;

    /// <summary>Which containers Docker's filters let through. Pure.</summary>
    /// <exception cref="StrakeException">Invalid: names a filter that is none.</exception>
    internal static Predicate<Container> Filter(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, DateTimeOffset now)
    {
        List<Predicate<Container>> all = [];
        foreach ((string name, IReadOnlyList<string> values) in filters)
        {
            foreach (string value in values)
            {
                all.Add(name switch
                {
                    "label" => container => HasLabel(container, value),
                    "label!" => container => !HasLabel(container, value),
                    "until" when ParseTime(value, now) is var until => container => container.Created < until,
                    _ => throw StrakeException.Invalid($"invalid filter '{name}'"),
                });
            }
        }

        return container => all.TrueForAll(one => one(container));
    }

    static bool HasLabel(Container container, string wanted)
    {
        string[] parts = wanted.Split('=', 2);
        return container.Config.Labels?.TryGetValue(parts[0], out string? value) == true && (parts.Length == 1 || value == parts[1]);
    }

    // A time, seconds since 1970, or a duration back from now, as Go writes one: 24h, 1h30m.
    static DateTimeOffset ParseTime(string text, DateTimeOffset now)
    {
        if (GoDuration.TryParse(text) is { } ago)
            return now - ago;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 100_000_000_000)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw StrakeException.Invalid($"invalid filter 'until': '{text}' is neither a time nor a duration");
    }
}
