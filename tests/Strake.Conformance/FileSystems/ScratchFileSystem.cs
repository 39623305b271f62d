using System.Diagnostics;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.FileSystems;

/// <summary>A file system made for the tests of a class, mounted in a temporary folder and gone with them.</summary>
public abstract class ScratchFileSystem : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strake-test-");
    readonly MountScope? _mount;
    string? _missing;
    int _folders;

    /// <summary>Makes and mounts it.</summary>
    /// <param name="type">The type as mount(8) names it.</param>
    /// <param name="sizeBytes">Its size; taken only as it fills.</param>
    /// <param name="missing">What this machine lacks for it, and its tests are skipped for; null: nothing.</param>
    protected ScratchFileSystem(string type, long sizeBytes, string? missing = null)
    {
        Type = type;
        Root = Path.Combine(_folder.FullName, "mnt");
        Directory.CreateDirectory(Root);
        _missing = missing;
        if (missing is not null) return;
        _mount = string.Equals(type, "tmpfs", StringComparison.Ordinal)
            ? new Mount("tmpfs", "tmpfs", Root, Data: $"size={sizeBytes}").Attach()
            : AttachImage(sizeBytes);
    }

    /// <summary>Its type.</summary>
    public string Type { get; }

    /// <summary>Where it is mounted.</summary>
    public string Root { get; }

    /// <summary>A new empty folder on it. Skips the test where this machine lacks something for it.</summary>
    public string NewFolder()
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        return Directory.CreateDirectory(Path.Combine(Root, $"{Interlocked.Increment(ref _folders)}")).FullName;
    }

    /// <summary>Removes a folder, also where drivers have mounted something in it.</summary>
    public static void Remove(string folder)
    {
        foreach (var mount in MountTable.Below(folder).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        TreeRemoval.Remove(folder);
    }

    public void Dispose()
    {
        if (_missing is null) TakeDown();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A folder of its own, not on it, for what it is made of.</summary>
    protected string Workshop => _folder.FullName;

    /// <summary>Says that this machine lacks something for it after all: its tests are skipped.</summary>
    protected void Lack(string missing) => _missing = missing;

    /// <summary>Makes it on a file, and mounts it.</summary>
    /// <param name="image">The file.</param>
    /// <returns>The mount; null where something is lacking.</returns>
    protected virtual MountScope? Make(string image)
    {
        Run($"mkfs.{Type}", "-q", image);
        using var device = LoopDevice.Attach(image, new LoopOptions { IsAutoclear = true });
        return new Mount(Type, device.Path, Root).Attach();
    }

    /// <summary>Takes it away with all that is mounted in it.</summary>
    protected virtual void TakeDown()
    {
        foreach (var mount in MountTable.Below(Root).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        _mount?.Dispose();
    }

    /// <summary>Runs a program that must succeed.</summary>
    protected static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {errors}");
    }

    MountScope? AttachImage(long sizeBytes)
    {
        var image = Path.Combine(_folder.FullName, "image");
        using (var file = File.Create(image)) file.SetLength(sizeBytes);
        return Make(image);
    }
}
