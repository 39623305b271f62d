using System.Globalization;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>An ext4 file system of a few megabytes on a loop device, mounted; gone when disposed.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    readonly string _image;

    SmallDisk(string image, string path) => (_image, Path) = (image, path);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <param name="root">Where its file and its mount point lie.</param>
    /// <param name="sizeMiB">Its size in MiB.</param>
    public static async Task<SmallDisk> MakeAsync(TestRoot root, int sizeMiB)
    {
        var (image, path) = (System.IO.Path.Combine(root.Path, "disk"), root.Folder("mnt"));
        (await Command.RunAsync("truncate", ["-s", $"{sizeMiB}M", image])).Ok();
        (await Command.RunAsync("mkfs.ext4", ["-q", "-F", image])).Ok();
        (await Command.RunAsync("mount", ["-o", "loop", image, path])).Ok();
        return new SmallDisk(image, path);
    }

    /// <summary>Free bytes.</summary>
    public async Task<long> FreeAsync() =>
        long.Parse((await Command.RunAsync("df", ["-B1", "--output=avail", Path])).Lines[^1], CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        (await Command.RunAsync("umount", [Path])).Ok();
        // The kernel lets go of the loop device by itself, a moment later.
        await Until.TrueAsync(async () => (await Command.RunAsync("losetup", ["-j", _image])).Text.Length == 0, "the loop device is free");
    }
}
