using System.Diagnostics;
using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>A file system made for the tests of a class, mounted in a temporary folder and gone with them.</summary>
public abstract class ScratchFileSystem : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strake-test-");
    readonly MountScope _mount;
    int _folders;

    /// <summary>Makes and mounts it.</summary>
    /// <param name="type">The type as mount(8) names it.</param>
    /// <param name="sizeBytes">Its size; taken only as it fills.</param>
    protected ScratchFileSystem(string type, long sizeBytes)
    {
        Type = type;
        Root = Path.Combine(_folder.FullName, "mnt");
        Directory.CreateDirectory(Root);
        _mount = string.Equals(type, "tmpfs", StringComparison.Ordinal)
            ? new Mount("tmpfs", "tmpfs", Root, Data: $"size={sizeBytes}").Attach()
            : AttachImage(sizeBytes);
    }

    /// <summary>Its type.</summary>
    public string Type { get; }

    /// <summary>Where it is mounted.</summary>
    public string Root { get; }

    /// <summary>A new empty folder on it.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, $"{Interlocked.Increment(ref _folders)}")).FullName;

    public void Dispose()
    {
        _mount.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    MountScope AttachImage(long sizeBytes)
    {
        var image = Path.Combine(_folder.FullName, "image");
        using (var file = File.Create(image)) file.SetLength(sizeBytes);
        Run($"mkfs.{Type}", "-q", image);
        using var device = LoopDevice.Attach(image, new LoopOptions { IsAutoclear = true });
        return new Mount(Type, device.Path, Root).Attach();
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {errors}");
    }
}
