using Strake.Linux;

namespace Strake.Layers.Tests.Store;

/// <summary>A driver that works as long as the daemon lives. A step lies before and after each call that changes the disk.</summary>
sealed class MortalDriver(IStorageDriver inner, Life life) : IStorageDriver, ILayerActivation
{
    /// <summary>Called with each id that is removed, before it is.</summary>
    public Action<LayerId> Removing { get; set; } = _ => { };

    /// <summary>Called before layers are sealed.</summary>
    public Action Sealing { get; set; } = () => { };

    public string Name => inner.Name;

    public StorageDriverTraits Traits => inner.Traits;

    public IReadOnlyList<KeyValuePair<string, string>> Status => inner.Status;

    public void Probe() => inner.Probe();

    public void Create(LayerId id, IReadOnlyList<LayerId> parents) => Effect(() => inner.Create(id, parents));

    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) => Effect(() => inner.Rebase(id, parents));

    public void LimitSize(LayerId id, long limitBytes) => Effect(() => inner.LimitSize(id, limitBytes));

    public LayerContent Content(LayerId id)
    {
        if (life.IsOver) throw new DeathException();
        return inner.Content(id);
    }

    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target) =>
        inner.Mounts(id, parents, access, target);

    public IDisposable Activate(LayerId id) => (inner as ILayerActivation)?.Activate(id) ?? new MemoryStream();

    public void Seal(IReadOnlyList<LayerId> ids) => Effect(() =>
    {
        Sealing();
        inner.Seal(ids);
    });

    public LayerUsage Measure(LayerId id) => inner.Measure(id);

    public void Remove(LayerId id) => Effect(() =>
    {
        Removing(id);
        inner.Remove(id);
    });

    public IReadOnlyList<LayerId> List() => inner.List();

    void Effect(Action action)
    {
        life.Step();
        action();
        life.Step();
    }
}
