using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>A file that is a block device (<c>loop(4)</c>).</summary>
/// <remarks>
/// An autoclear device lets go of its file when the last user does: keep this object until the device is mounted, then dispose it, and the unmount
/// frees the device.
/// </remarks>
public sealed class LoopDevice : IDisposable
{
    const string Control = "/dev/loop-control";
    const string Blocks = "/sys/block";

    // Others look for free devices as we do: the one found may be taken before it is configured.
    const int MostTries = 64;

    readonly SafeFileHandle open;

    LoopDevice(int number, SafeFileHandle device)
    {
        Number = number;
        open = device;
    }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Its path: <c>/dev/loopN</c>.</summary>
    public string Path => PathOf(Number);

    /// <summary>Makes a device of a file.</summary>
    /// <exception cref="LinuxException">It cannot be made; ENXIO or ENOENT where the kernel has no loop devices, EBUSY where others took every one that was found.</exception>
    public static LoopDevice Attach(string path, LoopOptions options)
    {
        var flags = options.IsReadOnly ? OpenFlags.ReadOnly : OpenFlags.ReadWrite;
        using var file = Syscall.Open(path, flags);
        using var control = Syscall.Open(Control, OpenFlags.ReadWrite);
        for (var round = 0; ; round++)
        {
            var number = Syscall.LoopGetFree(control);
            var device = Syscall.Open(PathOf(number), flags);
            try
            {
                Syscall.LoopConfigure(device, file, path, options);
                return new(number, device);
            }
            catch (LinuxException e) when (e.Errno == Errno.EBUSY && round < MostTries)
            {
                device.Dispose();
            }
            catch
            {
                device.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// The device that a file is at present; null where it is none. While the object is open, an autoclear device stays what it is: to mount
    /// a file that another mount still holds, its device must be used again, for two devices of one file destroy what is in it.
    /// </summary>
    /// <param name="path">The file's path, absolute and without links, as it was when the device was made.</param>
    /// <exception cref="LinuxException">The device cannot be opened.</exception>
    public static LoopDevice? FindFor(string path)
    {
        foreach (var folder in Directory.EnumerateDirectories(Blocks, "loop*"))
        {
            if (!IsOf(folder, path) || !int.TryParse(folder.AsSpan(Blocks.Length + "/loop".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                continue;

            var device = Syscall.TryOpen(PathOf(number), OpenFlags.ReadOnly);
            // It may have let go of the file before it was opened.
            if (device is not null && IsOf(folder, path))
                return new(number, device);

            device?.Dispose();
        }

        return null;
    }

    /// <summary>Has the device look again how long its file is (LOOP_SET_CAPACITY), after that has grown.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public void ReadSize() => Syscall.LoopSetCapacity(open);

    /// <summary>Lets go of the file now, or when nothing uses the device any more.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public void Detach() => Syscall.LoopClear(open);

    /// <summary>Lets go of a device's file by the device's path; false where it has none (ENXIO) or the device is missing.</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryDetach(string devicePath)
    {
        using var device = Syscall.TryOpen(devicePath, OpenFlags.ReadOnly);
        if (device is null)
            return false;

        try
        {
            Syscall.LoopClear(device);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENXIO)
        {
            return false;
        }
    }

    /// <summary>Closes our descriptor; an autoclear device that is not used lets go of its file by that.</summary>
    public void Dispose() => open.Dispose();

    // loop/backing_file is there while the device has a file, and has " (deleted)" behind the path of one that is gone.
    static bool IsOf(string folder, string path)
    {
        try
        {
            return string.Equals(File.ReadAllText($"{folder}/loop/backing_file").TrimEnd('\n'), path, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Observed: it has no file, or none any more.
            return false;
        }
    }

    static string PathOf(int number) => $"/dev/loop{number}";
}
