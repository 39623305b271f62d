using System.Collections.Concurrent;

namespace Strake.Containers.Engine;

/// <summary>All containers in memory, by id and by name.</summary>
sealed class ContainerTable
{
    const int ShortestPrefix = 1;

    readonly Lock gate = new();
    readonly Dictionary<string, string> names = [];
    readonly ConcurrentDictionary<string, ContainerUnit> units = [];

    /// <summary>All containers, in no order.</summary>
    public ICollection<ContainerUnit> All => units.Values;

    /// <summary>Takes a name for a container that will be.</summary>
    /// <exception cref="StrakeException">Conflict: another has it; in Docker's words.</exception>
    public void TakeName(string name, string id)
    {
        lock (gate)
        {
            if (!names.TryAdd(name, id))
                throw Taken(name, names[name]);
        }
    }

    /// <summary>Takes a name for a container that will be, or a random one where none is asked for.</summary>
    /// <exception cref="StrakeException">Invalid: it may not name a container. Conflict: another has it.</exception>
    public string TakeRandomOr(string? asked, string id)
    {
        if (asked is { Length: > 0 })
        {
            string name = Lifecycle.ContainerName.Parse(asked);
            TakeName(name, id);
            return name;
        }

        lock (gate)
        {
            string name = Lifecycle.ContainerName.Random(names.ContainsKey);
            names[name] = id;
            return name;
        }
    }

    /// <summary>Gives a name back.</summary>
    public void FreeName(string name)
    {
        lock (gate)
            names.Remove(name);
    }

    /// <summary>Adds a container whose name was taken.</summary>
    public void Add(ContainerUnit unit) => units[unit.Id] = unit;

    /// <summary>Takes a container and its name away.</summary>
    public void Remove(ContainerUnit unit)
    {
        units.TryRemove(unit.Id, out _);
        FreeName(unit.Container.Name);
    }

    /// <summary>The container; null when there is none.</summary>
    /// <param name="reference">Full id, name with or without a slash, or a prefix of one id.</param>
    /// <exception cref="StrakeException">Invalid: the prefix of several ids.</exception>
    public ContainerUnit? Find(string reference)
    {
        if (units.TryGetValue(reference, out ContainerUnit? unit))
            return unit;

        string name = reference.StartsWith('/') ? reference[1..] : reference;
        lock (gate)
        {
            if (names.TryGetValue(name, out string? id))
                return units.GetValueOrDefault(id);
        }

        if (reference.Length < ShortestPrefix)
            return null;
        ContainerUnit[] matches = [.. units.Values.Where(one => one.Id.StartsWith(reference, StringComparison.Ordinal)).Take(2)];
        return matches switch
        {
            [] => null,
            [var only] => only,
            _ => throw StrakeException.Invalid($"Multiple IDs found with provided prefix: {reference}"),
        };
    }

    /// <summary>The container.</summary>
    /// <exception cref="StrakeException">NotFound; Invalid: as <see cref="Find"/>.</exception>
    public ContainerUnit Get(string reference) => Find(reference) ?? throw StrakeException.NotFound($"No such container: {reference}");

    static StrakeException Taken(string name, string id) => StrakeException.Conflict(
        $"Conflict. The container name \"/{name}\" is already in use by container \"{id}\". You have to remove (or rename) that container to be able to reuse that name.");
}
