namespace Strake.Layers;

/// <summary>
/// The mounts that were taken off and are let go of a little later, so that neither a container's stop nor its removal waits for the disk:
/// see <see cref="DetachedMount"/>. A layer that is removed first has little left to write back.
/// </summary>
sealed class DetachedMounts(TimeProvider time) : IDisposable
{
    // As long as the removal of a container needs to arrive; as short as a restart of the container may come.
    static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly Dictionary<string, LayerId> layers = new(StringComparer.Ordinal);
    readonly List<Pending> pending = [];

    /// <summary>
    /// Notes which layer is mounted where to be written. An earlier mount of the layer is let go of first: two overlays must not share an
    /// upper directory. Of a mount that an earlier run made only the place is known.
    /// </summary>
    public void Attaching(LayerId layer, string target)
    {
        lock (gate) layers[target] = layer;
        Release(taken => taken.Layer is { } known ? known == layer : string.Equals(taken.Target, target, StringComparison.Ordinal));
    }

    /// <summary>Takes off what is mounted at a directory; nothing is fine.</summary>
    public void Detach(string target)
    {
        LayerId? layer;
        lock (gate) layer = layers.Remove(target, out var known) ? known : null;
        while (DetachedMount.Take(target) is { } mount)
        {
            var taken = new Pending(mount, target, layer);
            lock (gate) pending.Add(taken);
            taken.Timer = time.CreateTimer(_ => Release(one => ReferenceEquals(one, taken)), null, Delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Lets go of the mounts of a layer that is about to lie below others: it must not be an upper directory then. Waits for the disk.</summary>
    public void Release(LayerId layer) => Release(taken => taken.Layer == layer);

    /// <summary>Lets go of the mounts of a layer that was removed, without making the caller wait for the disk.</summary>
    public void ReleaseSoon(LayerId layer)
    {
        bool any;
        lock (gate) any = pending.Exists(taken => taken.Layer == layer);
        if (any) ThreadPool.UnsafeQueueUserWorkItem(static work => work.Mounts.Release(work.Layer), new Work(this, layer), preferLocal: false);
    }

    /// <summary>Lets go of all mounts. Waits for the disk.</summary>
    public void Dispose() => Release(static _ => true);

    // In the list until it is let go of, so that whoever needs the layer meanwhile waits for it.
    void Release(Predicate<Pending> which)
    {
        List<Pending> released;
        lock (gate) released = pending.FindAll(which);
        foreach (var taken in released) taken.Dispose();
        lock (gate) pending.RemoveAll(released.Contains);
    }

    readonly record struct Work(DetachedMounts Mounts, LayerId Layer);

    sealed class Pending(DetachedMount mount, string target, LayerId? layer) : IDisposable
    {
        readonly Lock letting = new();

        public string Target { get; } = target;

        public LayerId? Layer { get; } = layer;

        public ITimer? Timer { get; set; }

        public void Dispose()
        {
            lock (letting)
            {
                Timer?.Dispose();
                mount.Dispose();
            }
        }
    }
}
