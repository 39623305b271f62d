using Strake.Images;

namespace Strake.Containers.Plugins;

/// <summary>Which managed plugins there are, by name and by id, and whose turn a name or a plugin has.</summary>
sealed class PluginIndex
{
    readonly Lock gate = new();
    readonly Dictionary<string, PluginUnit> units = new(StringComparer.Ordinal);

    // Names under which content is on its way in: its blobs are in no record yet.
    readonly HashSet<string> arriving = new(StringComparer.Ordinal);

    /// <summary>The name of a plugin as records have it: with its tag.</summary>
    /// <exception cref="StrakeException">Invalid: it cannot be one.</exception>
    public static string Canonical(string name) => ImageReference.Parse(name).OrLatest().Familiar;

    /// <summary>All plugins, in no order.</summary>
    public IReadOnlyList<PluginUnit> List()
    {
        lock (gate)
            return [.. units.Values];
    }

    public void Add(PluginUnit unit)
    {
        lock (gate)
            units[unit.Id] = unit;
    }

    public void Remove(string id)
    {
        lock (gate)
            units.Remove(id);
    }

    /// <summary>A plugin by name, with or without tag, or by the beginning of its id; null: there is none.</summary>
    public PluginUnit? Find(string name)
    {
        lock (gate)
        {
            if (units.Count == 0)
                return null;
            string? canonical = ImageReference.TryParse(name, out ImageReference? reference) ? reference.OrLatest().Familiar : null;
            return units.Values.FirstOrDefault(unit => unit.Record.Name == canonical)
                ?? (name.Length > 0 && units.Values.Where(unit => unit.Id.StartsWith(name, StringComparison.Ordinal)).ToList() is [var only] ? only : null);
        }
    }

    /// <summary>As <see cref="Find"/>, where there has to be one.</summary>
    /// <exception cref="StrakeException">NotFound.</exception>
    public PluginUnit Get(string name) => Find(name) ?? throw StrakeException.NotFound($"plugin \"{name}\" not found");

    /// <summary>Waits for a plugin's turn: one change at a time, and the others go on. Dispose what is returned to end it.</summary>
    /// <exception cref="StrakeException">NotFound: it was removed meanwhile.</exception>
    public async Task<IDisposable> EnterAsync(PluginUnit unit, CancellationToken cancellationToken)
    {
        IDisposable mine = await unit.EnterAsync(cancellationToken);
        lock (gate)
        {
            if (units.ContainsKey(unit.Id))
                return mine;
        }

        mine.Dispose();
        throw StrakeException.NotFound($"plugin \"{unit.Record.Name}\" not found");
    }

    /// <summary>Keeps a name for content that arrives; dispose what is returned when its record is written.</summary>
    /// <exception cref="StrakeException">Conflict: somebody else has it.</exception>
    public IDisposable Reserve(string name)
    {
        lock (gate)
        {
            return arriving.Add(name)
                ? new Reservation(this, name)
                : throw StrakeException.Conflict($"plugin \"{name}\" is being made or upgraded by somebody else");
        }
    }

    /// <summary>Does brief work on all plugins, none of which comes or changes its content meanwhile; nothing while content arrives.</summary>
    public void WhileNothingArrives(Action<IReadOnlyCollection<PluginUnit>> work)
    {
        lock (gate)
        {
            if (arriving.Count == 0)
                work(units.Values);
        }
    }

    sealed class Reservation(PluginIndex index, string name) : IDisposable
    {
        public void Dispose()
        {
            lock (index.gate)
                index.arriving.Remove(name);
        }
    }
}
