using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Block devices that the kernel maps onto others (device-mapper), by the names that they have in <c>dmsetup ls</c>. By ioctl: no program is run. Nodes
/// below /dev are udev's business; it is asked to leave these devices alone.
/// </summary>
public static class DeviceMapper
{
    const string Control = "/dev/mapper/control";
    const uint Suspend = 1 << 1;        // DM_SUSPEND_FLAG
    const uint TableOnly = 1 << 4;      // DM_STATUS_TABLE_FLAG
    const uint Deferred = 1 << 17;      // DM_DEFERRED_REMOVE

    // What libdevmapper puts into the upper half of event_nr to tell udev's rules (libdevmapper.h, DM_UDEV_DISABLE_*): that they neither make links nor
    // look into the device, which would hold it open while it is to be removed.
    const uint LeaveAlone = 0x1F << 16;

    /// <summary>Whether the kernel has it, and may be asked.</summary>
    public static bool IsAvailable
    {
        get
        {
            using var control = Syscall.TryOpen(Control, OpenFlags.ReadWrite);
            return control is not null;
        }
    }

    /// <summary>Makes a device; on return it can be opened.</summary>
    /// <param name="name">Its name; at most 127 bytes, no slash.</param>
    /// <param name="target">What it is made of.</param>
    /// <returns>False where the name is taken.</returns>
    /// <exception cref="LinuxException">It cannot be made; there is none then. ENODATA, ENXIO or EINVAL where the target does not take its parameters.</exception>
    public static bool TryCreate(string name, DeviceTarget target)
    {
        using var control = Open();
        try
        {
            Request(control, Syscall.DeviceMapperCommand.DM_DEV_CREATE, name);
        }
        catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.EEXIST)
        {
            return false;
        }

        try
        {
            LoadTable(control, name, target);
            Request(control, Syscall.DeviceMapperCommand.DM_DEV_SUSPEND, name);
            return true;
        }
        catch
        {
            TryRemove(name);
            throw;
        }
    }

    /// <summary>Gives a device another table while it is used; whoever writes meanwhile waits for that moment.</summary>
    /// <exception cref="LinuxException">It cannot; it is as before. ENXIO: there is no such device.</exception>
    public static void Reload(string name, DeviceTarget target)
    {
        using var control = Open();
        LoadTable(control, name, target);
        Request(control, Syscall.DeviceMapperCommand.DM_DEV_SUSPEND, name, Suspend);
        Request(control, Syscall.DeviceMapperCommand.DM_DEV_SUSPEND, name);
    }

    /// <summary>
    /// Has whoever writes to a device wait, and brings what was written to the device, that of a mounted file system too: it is as after an unmount until
    /// the result is disposed.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="frozen">Disposed, it goes on; null where it cannot be frozen.</param>
    /// <returns>False while its file system is being unmounted (EINVAL), or where there is no such device.</returns>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryFreeze(string name, [NotNullWhen(true)] out IDisposable? frozen)
    {
        frozen = null;
        using var control = Open();
        try
        {
            Request(control, Syscall.DeviceMapperCommand.DM_DEV_SUSPEND, name, Suspend);
            frozen = new Frozen(name);
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.ENXIO)
        {
            return false;
        }
    }

    /// <summary>Lets whoever writes to a device go on, after a <see cref="TryFreeze"/> that a crash left.</summary>
    /// <exception cref="LinuxException">It cannot; ENXIO: there is no such device.</exception>
    public static void Thaw(string name)
    {
        using var control = Open();
        Request(control, Syscall.DeviceMapperCommand.DM_DEV_SUSPEND, name);
    }

    /// <summary>Removes a device.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="whenUnused">Where something has it open: whether it goes as soon as nothing does any more (since Linux 3.13).</param>
    /// <returns>Whether there is none of that name now, or soon will be. False: something has it open.</returns>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryRemove(string name, bool whenUnused = false)
    {
        using var control = Open();
        try
        {
            Request(control, Syscall.DeviceMapperCommand.DM_DEV_REMOVE, name, whenUnused ? Deferred : 0);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENXIO)
        {
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.EBUSY)
        {
            return false;
        }
    }

    /// <summary>Keeps a device that is to go when it is unused.</summary>
    /// <returns>False where there is none of that name (any more).</returns>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryKeep(string name)
    {
        try
        {
            Send(name, "@cancel_deferred_remove");
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENXIO or Errno.EBUSY)
        {
            // EBUSY: it is going at this moment.
            return false;
        }
    }

    /// <summary>Tells a device's target something.</summary>
    /// <exception cref="LinuxException">The target refused; ENXIO: there is no such device.</exception>
    public static void Send(string name, string message)
    {
        using var control = Open();
        // struct dm_target_msg: the sector that it is for, text, NUL.
        Request(control, Syscall.DeviceMapperCommand.DM_TARGET_MSG, name, payload: [.. new byte[8], .. Encoding.ASCII.GetBytes(message), 0], subject: message);
    }

    /// <summary>The device of a name; null where there is none.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static MappedDevice? Find(string name)
    {
        using var control = Open();
        try
        {
            var answer = Request(control, Syscall.DeviceMapperCommand.DM_DEV_STATUS, name);
            return new(answer.Device, answer.OpenCount, (answer.Flags & Suspend) != 0);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENXIO)
        {
            return null;
        }
    }

    /// <summary>What a device is made of.</summary>
    /// <exception cref="LinuxException">The call failed; ENXIO: there is no such device.</exception>
    public static DeviceTarget TableOf(string name) => Ask(name, TableOnly);

    /// <summary>How a device's target says that it is.</summary>
    /// <exception cref="LinuxException">The call failed; ENXIO: there is no such device.</exception>
    public static DeviceTarget StatusOf(string name) => Ask(name, 0);

    static DeviceTarget Ask(string name, uint flags)
    {
        using var control = Open();
        var payload = Request(control, Syscall.DeviceMapperCommand.DM_TABLE_STATUS, name, flags).Payload.Span;
        // struct dm_target_spec: first sector, length, status, next, type[16]; text behind it.
        return new(BinaryPrimitives.ReadInt64LittleEndian(payload[8..]), TextIn(payload.Slice(24, 16)), TextIn(payload[40..]));
    }

    static void LoadTable(SafeFileHandle control, string name, DeviceTarget target)
    {
        var text = Encoding.ASCII.GetBytes(target.Parameters);
        var payload = new byte[(40 + text.Length + 1 + 7) & ~7];
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(8), target.Sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(20), (uint)payload.Length);
        Encoding.ASCII.GetBytes(target.Type, payload.AsSpan(24, 15));
        text.CopyTo(payload, 40);
        Request(control, Syscall.DeviceMapperCommand.DM_TABLE_LOAD, name, targets: 1, payload: payload, subject: target.ToString());
    }

    static Syscall.DeviceMapperAnswer Request(
        SafeFileHandle control, Syscall.DeviceMapperCommand command, string name, uint flags = 0, uint targets = 0, byte[]? payload = null, string? subject = null)
    {
        try
        {
            return Syscall.DeviceMapperRequest(
                control, command, new() { Name = name, Uuid = "", Flags = flags, Event = LeaveAlone, Targets = targets, Payload = payload });
        }
        catch (LinuxException e) when (subject is not null)
        {
            throw new LinuxException(e.Errno, e.Call, e.Path, subject);
        }
    }

    static SafeFileHandle Open() => Syscall.Open(Control, OpenFlags.ReadWrite);

    static string TextIn(ReadOnlySpan<byte> field) => Encoding.ASCII.GetString(field[..field.IndexOf((byte)0)]);

    sealed class Frozen(string name) : IDisposable
    {
        public void Dispose() => Thaw(name);
    }
}
