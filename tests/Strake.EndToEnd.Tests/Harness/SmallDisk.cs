using System.Globalization;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>A file system of a few megabytes on a loop device, mounted; gone when disposed.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    readonly TestRoot _root;
    readonly string _image;
    string? _pool;

    SmallDisk(TestRoot root, string image, string path) => (_root, _image, Path) = (root, image, path);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <param name="root">Where its file and its mount point lie.</param>
    /// <param name="sizeMiB">Its size in MiB.</param>
    /// <param name="type">Its type: <c>ext4</c>, <c>btrfs</c>, <c>zfs</c>.</param>
    public static async Task<SmallDisk> MakeAsync(TestRoot root, int sizeMiB, string type = "ext4")
    {
        var (image, path) = (System.IO.Path.Combine(root.Path, "disk"), root.Folder("mnt"));
        (await Command.RunAsync("truncate", ["-s", $"{sizeMiB}M", image])).Ok();
        if (type is "zfs")
        {
            var pool = $"strake-test-{System.IO.Path.GetFileName(root.Path)}";
            (await Command.RunAsync("zpool", ["create", "-f", "-O", $"mountpoint={path}", pool, image])).Ok();
            return new SmallDisk(root, image, path) { _pool = pool };
        }

        (await Command.RunAsync($"mkfs.{type}", ["-q", type is "ext4" ? "-F" : "-f", image])).Ok();
        (await Command.RunAsync("mount", ["-o", "loop", image, path])).Ok();
        return new SmallDisk(root, image, path);
    }

    /// <summary>Free bytes.</summary>
    public async Task<long> FreeAsync() =>
        long.Parse((await Command.RunAsync("df", ["-B1", "--output=avail", Path])).Lines[^1], CultureInfo.InvariantCulture);

    /// <summary>Writes out what is cached of it, so that what is free is known; that takes as long as the disk below takes.</summary>
    public async Task SyncAsync() => (await Command.RunAsync("sync", ["-f", Path], timeout: TimeSpan.FromMinutes(10))).Ok();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_pool is not null)
        {
            (await Command.RunAsync("zpool", ["destroy", "-f", _pool])).Ok();
            return;
        }

        // A program that was killed while it wrote may hold it until the write is done; unmounting writes out all that is cached.
        CommandResult? unmounted = null;
        async Task<bool> IsUnmountedAsync() => (unmounted = await Command.RunAsync("umount", [Path], timeout: TimeSpan.FromMinutes(10))).Code == 0;
        try
        {
            await Until.TrueAsync(IsUnmountedAsync, $"{Path} can be unmounted");
            // The kernel lets go of the loop device by itself, a moment later.
            await Until.TrueAsync(async () => (await Command.RunAsync("losetup", ["-j", _image])).Text.Length == 0, "the loop device is free");
        }
        catch (TimeoutException late)
        {
            // What the folder finds left hides what is thrown here.
            _root.Note($"{late.Message}: {unmounted?.Error}\n{(await Command.RunAsync("fuser", ["-vm", Path])).Error}");
            throw;
        }
    }
}
