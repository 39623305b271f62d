using System.Text;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>The thin device with an empty file system that each lowest layer begins as.</summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/devicemapper/base/
///   thin device mnt/          as a layer's
///   made                      there when the file system is: its type
/// </code>
/// </remarks>
sealed class BaseDevice
{
    /// <summary>Its folder's name.</summary>
    public const string Name = "base";

    BaseDevice(ThinDevice thin, ThinFileSystem fileSystem)
    {
        Thin = thin;
        FileSystem = fileSystem;
    }

    /// <summary>The device.</summary>
    public ThinDevice Thin { get; }

    /// <summary>What is on it.</summary>
    public ThinFileSystem FileSystem { get; }

    /// <summary>Finds it, or makes it; what a crash left half made is made anew.</summary>
    public static BaseDevice Ensure(string home, ThinPool pool, ThinDevices devices, DeviceMapperOptions options)
    {
        var folder = Path.Combine(home, Name);
        var made = Path.Combine(folder, "made");
        if (File.Exists(made) && ThinDevice.TryRead(folder) is { } there) return new(there, ThinFileSystem.Named(File.ReadAllText(made)));

        var fileSystem = ThinFileSystem.Named(options.FileSystem);
        Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(folder), Permissions.Octal0700);
        var thin = Allocate(folder, pool, options.BaseSizeBytes / DeviceTarget.SectorSize);
        FaultPoint.Reach("devicemapper.base.allocated");
        using (devices.Activate(Name)) Format(devices.NodeOf(Name), Path.Combine(folder, "mnt"), fileSystem);
        devices.TryDeactivate(Name);
        FaultPoint.Reach("devicemapper.base.formatted");
        DurableFile.Write(made, Encoding.ASCII.GetBytes(fileSystem.Type), Permissions.Octal0600);
        return new(thin, fileSystem);
    }

    static ThinDevice Allocate(string folder, ThinPool pool, long sectors)
    {
        if (ThinDevice.TryRead(folder) is { } recorded)
        {
            pool.TryCreate(recorded.Number);
            return recorded;
        }

        while (true)
        {
            var thin = ThinDevice.New(sectors);
            thin.Write(folder);
            if (pool.TryCreate(thin.Number)) return thin;
        }
    }

    static void Format(string device, string place, ThinFileSystem fileSystem)
    {
        fileSystem.Make(device);
        Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(place), Permissions.Octal0700);
        using var mount = fileSystem.Mount(device, place).Attach();
        LayerFolders.MakeRoot(Path.Combine(place, DeviceMapperDriver.Root));
        using var root = Syscall.Open(place, OpenFlags.Directory);
        Syscall.SyncFs(root);
    }
}
