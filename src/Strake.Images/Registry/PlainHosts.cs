using System.Collections.Concurrent;

namespace Strake.Images;

/// <summary>Which of the hosts that may do without encryption were found to have none, so that they are not asked for it each time.</summary>
sealed class PlainHosts
{
    const int Most = 1_000;

    readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>Whether a host was.</summary>
    public bool Has(RegistryHost host) => host.MayBePlain && known.ContainsKey(host.Root.Authority);

    /// <summary>A host answered without, having not answered with encryption.</summary>
    public void Add(RegistryHost host)
    {
        if (known.Count >= Most) known.Clear();
        known[host.Root.Authority] = true;
    }

    /// <summary>A host does not answer any more; what it offers next is to be found out.</summary>
    public void Remove(RegistryHost host) => known.TryRemove(host.Root.Authority, out _);
}
