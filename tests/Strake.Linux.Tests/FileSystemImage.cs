namespace Strake.Linux.Tests;

/// <summary>A file system of a kind and size of its own, in a file, mounted by a loop device.</summary>
public sealed class FileSystemImage : IDisposable
{
    readonly MountScope mount;

    FileSystemImage(string path, MountScope mount)
    {
        Path = path;
        this.mount = mount;
    }

    public string Path { get; }

    public static async Task<FileSystemImage> MakeAsync(
        TemporaryDirectory folder, string type, long sizeBytes, string[]? options = null, string data = "")
    {
        var image = folder.MakeFile($"{type}.img");
        using (var file = Syscall.Open(image, OpenFlags.ReadWrite))
            Syscall.Ftruncate(file, sizeBytes);

        var made = await ChildProcess.RunAsync(
            new() { Program = $"mkfs.{type}", Arguments = ["-q", .. options ?? [], image], Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] },
            new(),
            TestContext.Current.CancellationToken);
        Assert.True(made.Status.IsSuccess, made.ErrorText);

        var path = folder.MakeDirectory($"{type}.mnt");
        using var device = LoopDevice.Attach(image, new());
        return new(path, new Mount(type, device.Path, path, MountFlags.None, data).Attach());
    }

    public void Dispose() => mount.Dispose();
}
