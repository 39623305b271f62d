using System.Runtime.InteropServices;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>A file system that a volume consists of: what <c>mount -t type -o options device</c> would mount.</summary>
/// <param name="Type">The file system's type; empty or <c>none</c> for a bind.</param>
/// <param name="Device">A device, a file, a directory, a share.</param>
/// <param name="Options">Options as mount(8) takes them.</param>
sealed record DeviceMount(string Type, string Device, string Options)
{
    /// <summary>Mounts it: by mount(2), by a loop device where the device is a file, or by the program <c>mount.&lt;type&gt;</c> where the kernel does not know the type.</summary>
    /// <param name="target">An existing directory.</param>
    /// <exception cref="StrakeException">It cannot be mounted; in Docker's words, passwords masked.</exception>
    public async Task AttachAsync(string target)
    {
        DeviceMount resolved;
        try
        {
            resolved = await NetworkAddress.ResolveAsync(this);
        }
        catch (StrakeException e)
        {
            throw StrakeException.Internal($"error while mounting volume '{target}': {e.Message}", e);
        }

        MountWords words = MountWords.Parse(resolved.Options);
        try
        {
            await resolved.AttachAsync(target, words);
        }
        catch (LinuxException e)
        {
            throw StrakeException.Internal($"error while mounting volume '{target}': failed to mount local volume: {resolved.Describe(target, words)}: {TextOf(e.Errno)}", e);
        }
    }

    async Task AttachAsync(string target, MountWords words)
    {
        FaultPoint.Reach("volume.device.mounting");
        if (HelperOf() is { } helper && !KernelKnows())
        {
            await RunAsync(helper, target);
        }
        else
        {
            using LoopDevice? loop = NeedsLoop(words) ? AttachLoop(words) : null;
            new Mount(Type, loop?.Path ?? Device, target, words.Flags, words.Data).Attach().Release();
        }

        FaultPoint.Reach("volume.device.mounted");
    }

    async Task RunAsync(string helper, string target)
    {
        try
        {
            await VolumeProgram.RunAsync(helper, 0, Options.Length > 0 ? [Device, target, "-o", Options] : [Device, target]);
        }
        catch (StrakeException e)
        {
            throw StrakeException.Internal($"error while mounting volume '{target}': {Secrets.Mask(e.Message, Options)}", e.InnerException);
        }
    }

    // As mount(8) does, which Docker does not: a file is no block device until it is made one.
    bool NeedsLoop(MountWords words) => !words.Flags.HasFlag(MountFlags.Bind)
        && KernelFileSystems.OnDevices().Contains(Type)
        && Syscall.TryStatAt(Syscall.WorkingDirectory, Device, out FileStat stat) && stat.Kind == FileKind.Regular;

    LoopDevice AttachLoop(MountWords words) => LoopDevice.FindFor(Device)
        ?? LoopDevice.Attach(Device, new LoopOptions { IsAutoclear = true, IsReadOnly = words.Flags.HasFlag(MountFlags.ReadOnly) });

    string? HelperOf() => Type.Length > 0 && HostProgram.Find($"mount.{Type}") is not null ? $"mount.{Type}" : null;

    bool KernelKnows() => KernelFileSystems.All().Contains(Type);

    // "mount /dev/sdb1:/var/lib/…/_data, flags: 0x9, data: uid=7" (moby/sys/mount, mountError).
    string Describe(string target, MountWords words)
    {
        string text = $"mount {Device}:{target}";
        if (words.Flags != MountFlags.None)
            text += $", flags: 0x{(ulong)words.Flags:x}";
        return words.Data.Length > 0 ? $"{text}, data: {Secrets.Mask(words.Data, Options)}" : text;
    }

    static string TextOf(Errno errno)
    {
        string text = Marshal.GetPInvokeErrorMessage((int)errno);
        return char.ToLowerInvariant(text[0]) + text[1..];
    }
}
