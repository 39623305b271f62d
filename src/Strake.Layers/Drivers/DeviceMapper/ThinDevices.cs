using Strake.Linux;

namespace Strake.Layers;

/// <summary>The thin devices of layers, while they are active: mapped, with a node in the layer's folder.</summary>
/// <remarks>
/// A device is active from the first activation to the end of the last one, and then as long as something has it mounted: the kernel removes it with the
/// last mount, also when this process is long gone. Where users do not want that, it stays until its layer goes.
/// </remarks>
/// <param name="folders">The driver's folders.</param>
/// <param name="pool">The pool.</param>
/// <param name="prefix">What the names of the devices begin with.</param>
/// <param name="removesDeferred">Whether the kernel removes what is not mounted any more.</param>
sealed class ThinDevices(LayerFolders folders, ThinPool pool, string prefix, bool removesDeferred)
{
    readonly Lock gate = new();
    readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);

    /// <summary>The node of a layer's device.</summary>
    public string NodeOf(string layer) => Path.Combine(folders.Home, layer, "device");

    /// <summary>Makes a layer's device active until the result is disposed, and longer where it is mounted then.</summary>
    public IDisposable Activate(string layer)
    {
        lock (gate)
        {
            if (uses.GetValueOrDefault(layer) == 0) Map(layer);
            uses[layer] = uses.GetValueOrDefault(layer) + 1;
            return new Activation(this, layer);
        }
    }

    /// <summary>Does something to a layer's device on disk, with nobody writing to it.</summary>
    public void WhileFrozen(string layer, Action action)
    {
        var name = NameOf(layer);
        lock (gate)
        {
            IDisposable? frozen = null;
            // It cannot be kept while it is going, nor frozen while it is being unmounted: both are over soon.
            Patience.Until(() => DeviceMapper.Find(name) is null || (DeviceMapper.TryKeep(name) && DeviceMapper.TryFreeze(name, out frozen)), $"devicemapper: the device {name} stands still");
            using (frozen)
            {
                FaultPoint.Reach("devicemapper.frozen");
                action();
            }

            LetGo(layer);
        }
    }

    /// <summary>Gives a layer's active device the length that is recorded.</summary>
    public void Resize(string layer)
    {
        lock (gate) DeviceMapper.Reload(NameOf(layer), pool.Map(Recorded(layer)));
    }

    /// <summary>Makes a layer's device inactive.</summary>
    /// <exception cref="StrakeException">InUse: something has it open.</exception>
    public void Deactivate(string layer)
    {
        // A process that is just being started has copies of our open files for a moment.
        if (Patience.TryUntil(() => DeviceMapper.TryRemove(NameOf(layer)))) return;
        throw StrakeException.InUse($"devicemapper: the device {NameOf(layer)} of layer {layer} is still open somewhere: a mount of it may be in another mount namespace");
    }

    /// <summary>Lets go on what a crash left frozen.</summary>
    public void Thaw(string layer)
    {
        lock (gate)
        {
            if (DeviceMapper.Find(NameOf(layer)) is { IsSuspended: true }) DeviceMapper.Thaw(NameOf(layer));
        }
    }

    /// <summary>Makes a layer's device inactive, if nothing has it open; else it goes then.</summary>
    /// <returns>Whether it is inactive.</returns>
    public bool TryDeactivate(string layer)
    {
        lock (gate) return DeviceMapper.TryRemove(NameOf(layer)) || (DeviceMapper.TryRemove(NameOf(layer), removesDeferred) && DeviceMapper.Find(NameOf(layer)) is null);
    }

    void Map(string layer)
    {
        var name = NameOf(layer);
        Patience.Until(() => DeviceMapper.TryKeep(name) || DeviceMapper.TryCreate(name, pool.Map(Recorded(layer))), $"devicemapper: the device {name} comes");
        MakeNode(NodeOf(layer), DeviceMapper.Find(name)?.Number ?? throw StrakeException.Internal($"devicemapper: the device {name} went as soon as it came"));
    }

    // udev, where there is one, makes nodes when it likes; this one is there now, and its name tells whose it is.
    static void MakeNode(string path, DeviceNumber number)
    {
        if (Syscall.TryStatAt(Syscall.WorkingDirectory, path, out var stat, AtFlags.SymlinkNoFollow))
        {
            if (stat.Kind == FileKind.BlockDevice && stat.DeviceItself == number) return;
            Syscall.UnlinkAt(Syscall.WorkingDirectory, path);
        }

        Syscall.MknodAt(Syscall.WorkingDirectory, path, FileKind.BlockDevice, Permissions.Octal0600, number);
    }

    void Release(string layer)
    {
        lock (gate)
        {
            if (--uses[layer] > 0) return;
            uses.Remove(layer);
            LetGo(layer);
        }
    }

    void LetGo(string layer)
    {
        if (removesDeferred && !uses.ContainsKey(layer)) DeviceMapper.TryRemove(NameOf(layer), whenUnused: true);
    }

    ThinDevice Recorded(string layer) => ThinDevice.TryRead(Path.Combine(folders.Home, layer))
        ?? throw StrakeException.DataLoss($"devicemapper: layer {layer} has no record of its device");

    string NameOf(string layer) => $"{prefix}-{layer}";

    sealed class Activation(ThinDevices devices, string layer) : IDisposable
    {
        ThinDevices? owner = devices;

        public void Dispose() => Interlocked.Exchange(ref owner, null)?.Release(layer);
    }
}
