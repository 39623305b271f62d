using System.Diagnostics.CodeAnalysis;

namespace Strake.Volumes;

/// <summary>All volumes of one driver, those too that are nobody's any more: in memory as they were written down last.</summary>
sealed class CsiShelf(ICsiJournal journal)
{
    readonly Lock gate = new();
    readonly Dictionary<string, CsiVolume> byHandle = new(StringComparer.Ordinal);
    readonly Dictionary<string, CsiVolume> byName = new(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyList<CsiVolume> All
    {
        get
        {
            lock (gate)
                return [.. byHandle.Values];
        }
    }

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
                return byHandle.Count == 0;
        }
    }

    /// <summary>The volume of that name; null: none.</summary>
    public CsiVolume? Find(VolumeName name)
    {
        lock (gate)
            return byName.GetValueOrDefault(name.ToString());
    }

    /// <summary>As it is now; null: it is gone.</summary>
    public CsiVolume? Find(string handle)
    {
        lock (gate)
            return byHandle.GetValueOrDefault(handle);
    }

    /// <summary>Takes what an earlier run wrote down.</summary>
    public void Load(CsiVolume volume)
    {
        lock (gate)
            Take(volume);
    }

    /// <summary>Writes a step on this node down.</summary>
    public async Task<CsiVolume> StepAsync(CsiVolume volume)
    {
        await PutAsync([volume], mustSurvivePowerCut: false);
        return volume;
    }

    /// <summary>Writes down what the driver is about to be asked for, or has done: on disk when this returns.</summary>
    public async Task<CsiVolume> RecordAsync(CsiVolume volume)
    {
        await PutAsync([volume], mustSurvivePowerCut: true);
        return volume;
    }

    /// <summary>Writes several down at once: on disk when this returns.</summary>
    public Task RecordAsync(IReadOnlyList<CsiVolume> volumes) => PutAsync(volumes, mustSurvivePowerCut: true);

    /// <summary>Forgets a volume.</summary>
    public async Task DeleteAsync(CsiVolume volume)
    {
        await journal.DeleteAsync(volume);
        lock (gate)
        {
            if (byHandle.Remove(volume.Handle, out CsiVolume? known))
                Leave(known);
        }
    }

    async Task PutAsync(IReadOnlyList<CsiVolume> volumes, bool mustSurvivePowerCut)
    {
        await journal.PutAsync(volumes, mustSurvivePowerCut);
        lock (gate)
        {
            foreach (CsiVolume volume in volumes)
            {
                if (byHandle.TryGetValue(volume.Handle, out CsiVolume? before))
                    Leave(before);
            }

            foreach (CsiVolume volume in volumes)
                Take(volume);
        }
    }

    void Take(CsiVolume volume)
    {
        byHandle[volume.Handle] = volume;
        if (volume.Name is { } name)
            byName[name] = volume;
    }

    [SuppressMessage("Style", "IDE0058", Justification = "Whether it was there does not matter.")]
    void Leave(CsiVolume volume)
    {
        if (volume.Name is { } name && byName.TryGetValue(name, out CsiVolume? named) && named.Handle == volume.Handle)
            byName.Remove(name);
    }
}
