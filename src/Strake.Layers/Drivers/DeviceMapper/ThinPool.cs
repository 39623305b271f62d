using System.Globalization;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>A pool from which thin devices take their blocks.</summary>
sealed class ThinPool
{
    readonly MappedDevice device;

    ThinPool(string name, MappedDevice device)
    {
        Name = name;
        this.device = device;
        // <metadata> <data> <block size> <low water mark> …
        BlockBytes = long.Parse(DeviceMapper.TableOf(name).Parameters.Split(' ')[2], CultureInfo.InvariantCulture) * DeviceTarget.SectorSize;
    }

    /// <summary>Its name, as dmsetup(8) lists it.</summary>
    public string Name { get; }

    /// <summary>The size of its blocks; bytes.</summary>
    public long BlockBytes { get; }

    /// <summary>Opens a pool that is there.</summary>
    /// <exception cref="StrakeException">Unavailable: there is none of that name, or it cannot be used; says why.</exception>
    public static ThinPool Open(string name)
    {
        if (DeviceMapper.Find(name) is not { } device)
            throw StrakeException.Unavailable($"devicemapper: there is no device {name}: dm.thinpooldev names a thin pool that is active");
        if (DeviceMapper.TableOf(name) is { Type: not "thin-pool" } table)
            throw StrakeException.Unavailable($"devicemapper: {name} is no thin pool: its type is {table.Type}");
        if (device.IsSuspended) DeviceMapper.Thaw(name);
        var pool = new ThinPool(name, device);
        var status = pool.Status();
        if (status.Fault is { } fault) throw StrakeException.Unavailable($"devicemapper: the thin pool {name} cannot be used: {fault}");
        if (!status.FailsWhenFull)
        {
            throw StrakeException.Unavailable(
                $"devicemapper: writes to the thin pool {name} hang when it is full: have them fail with \"lvchange --errorwhenfull y\", or with error_if_no_space in its table");
        }

        return pool;
    }

    /// <summary>How it is.</summary>
    public ThinPoolStatus Status() => ThinPoolStatus.Parse(DeviceMapper.StatusOf(Name).Parameters);

    /// <summary>What a thin device of the pool is mapped to.</summary>
    public DeviceTarget Map(ThinDevice thin) => new(thin.Sectors, "thin", string.Create(CultureInfo.InvariantCulture, $"{device.Number} {thin.Number}"));

    /// <summary>Makes an empty device; on disk on return. False where the number is taken.</summary>
    public bool TryCreate(int number) => TrySend($"create_thin {number}", Errno.EEXIST);

    /// <summary>Makes a device that begins as another one is, which is frozen or not active; on disk on return. False where the number is taken.</summary>
    public bool TrySnapshot(int number, int origin) => TrySend($"create_snap {number} {origin}", Errno.EEXIST);

    /// <summary>Removes a device that is not active, if there is one of the number.</summary>
    public void Delete(int number) => Patience.Until(() => TryDelete(number), $"devicemapper: device {number} of the pool {Name} is closed");

    bool TryDelete(int number)
    {
        try
        {
            TrySend($"delete {number}", Errno.ENODATA);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.EBUSY)
        {
            return false;
        }
    }

    bool TrySend(FormattableString message, Errno expected)
    {
        try
        {
            DeviceMapper.Send(Name, FormattableString.Invariant(message));
            return true;
        }
        catch (LinuxException e) when (e.Errno == expected)
        {
            return false;
        }
    }
}
