using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// A layer mounted on its parents. Disposing unmounts it and lets go of the layer; <see cref="Release"/> leaves the mount to whoever calls
/// <see cref="LayerStore.Unmount"/> later, for a container's file system outlives the daemon that mounted it.
/// </summary>
public sealed class LayerMount : IDisposable
{
    readonly IDisposable? hold;
    bool owned = true;

    internal LayerMount(string target, IDisposable? hold)
    {
        Target = target;
        this.hold = hold;
    }

    /// <summary>Where it is mounted.</summary>
    public string Target { get; }

    /// <summary>Leaves the mount where it is; disposing does nothing then.</summary>
    /// <returns>Where it is mounted.</returns>
    public string Release()
    {
        owned = false;
        hold?.Dispose();
        return Target;
    }

    /// <summary>Unmounts; may be repeated.</summary>
    /// <exception cref="LinuxException">The mount cannot be taken off (EPERM).</exception>
    public void Dispose()
    {
        if (!owned) return;
        owned = false;
        Syscall.TryUnmount(Target, UnmountFlags.Detach | UnmountFlags.NoFollow);
        hold?.Dispose();
    }
}
