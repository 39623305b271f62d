using System.Collections.Concurrent;

namespace Strake.Volumes;

/// <summary>The volume drivers that are programs of others, by name. None is asked for anything before somebody wants something of it.</summary>
/// <param name="sources">Where plugins are found; the first that knows a name counts.</param>
/// <param name="journal">Where mounts are written down.</param>
/// <param name="time">The clock.</param>
public sealed class PluginDrivers(IReadOnlyList<IPluginSource> sources, IMountJournal journal, TimeProvider time) : IPluginSource, IDisposable
{
    readonly ConcurrentDictionary<string, PluginDriver> drivers = new(StringComparer.Ordinal);
    volatile bool isOpen;

    /// <summary>The driver of that name. Whether there is a plugin for it is found out by its first call.</summary>
    /// <param name="name">What a user or a record wrote.</param>
    public PluginDriver this[string name] => drivers.TryGetValue(name, out PluginDriver? known)
        ? known
        : drivers.GetOrAdd(name, _ => new PluginDriver(name, this, journal, () => isOpen, time));

    /// <summary>The drivers of all plugins that announce themselves now.</summary>
    public IReadOnlyList<PluginDriver> All() => [.. Names().Select(name => this[name])];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names() => [.. sources.SelectMany(static source => source.Names()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public string? CanonicalOf(string name) => sources.Select(source => source.CanonicalOf(name)).FirstOrDefault(static found => found is not null);

    /// <inheritdoc/>
    public async ValueTask<PluginAddress?> FindAsync(string name, CancellationToken cancellationToken)
    {
        foreach (IPluginSource source in sources)
        {
            if (await source.FindAsync(name, cancellationToken) is { } address)
                return address;
        }

        return null;
    }

    /// <summary>
    /// The engine is up: ends the mounts that an earlier run has left (see <see cref="ISharedVolumeDriver.SettleAsync"/>), and from now on who
    /// ends a mount waits for its plugin, for a while.
    /// </summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two mounts.</param>
    public async Task SettleAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        isOpen = true;
        IEnumerable<string> known = (await journal.AllAsync(cancellationToken)).Select(static use => use.Driver).Concat(Names());
        await Task.WhenAll(known.Distinct(StringComparer.Ordinal).Select(name => this[name].SettleAsync(holders, cancellationToken)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PluginDriver driver in drivers.Values)
            driver.Dispose();
    }
}
