namespace Strake.Layers;

/// <summary>
/// A layer mounted on its parents. Disposing unmounts it, as <see cref="LayerStore.Unmount"/> does; <see cref="Release"/> leaves the mount
/// to whoever unmounts it later, for a container's file system outlives the daemon that mounted it.
/// </summary>
public sealed class LayerMount : IDisposable
{
    readonly DetachedMounts mounts;
    readonly IDisposable? hold;
    bool owned = true;

    internal LayerMount(string target, DetachedMounts mounts, IDisposable? hold)
    {
        Target = target;
        this.mounts = mounts;
        this.hold = hold;
    }

    /// <summary>Where it is mounted.</summary>
    public string Target { get; }

    /// <summary>Leaves the mount where it is; disposing does nothing then. What held the layers of an image mounted to look at is let go of.</summary>
    /// <returns>Where it is mounted.</returns>
    public string Release()
    {
        owned = false;
        hold?.Dispose();
        return Target;
    }

    /// <summary>Unmounts; may be repeated.</summary>
    /// <exception cref="StrakeException">The mount cannot be taken off.</exception>
    public void Dispose()
    {
        if (!owned) return;
        owned = false;
        mounts.Detach(Target);
        hold?.Dispose();
    }
}
