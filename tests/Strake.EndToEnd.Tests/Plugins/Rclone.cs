using System.Diagnostics;
using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>The distribution's rclone as a volume plugin: somebody else's program, with folders of this machine as its remote storage.</summary>
public sealed class Rclone : IAsyncDisposable
{
    const string Program = "/usr/bin/rclone";
    readonly string folder;
    Process? process;

    Rclone(string folder) => this.folder = folder;

    /// <summary>The folder of its socket.</summary>
    public string Sockets => Path.Combine(folder, "sockets");

    /// <summary>What is stored.</summary>
    public string Store => Path.Combine(folder, "store");

    /// <summary>Options of a volume in <see cref="Store"/>, written back at once.</summary>
    public string[] Options => OptionsFor(Store);

    string Mounts => Path.Combine(folder, "mounts");

    // "remote", for volumes of "type" and "path" are lost when rclone 1.60 starts anew.
    /// <summary>Options of a volume that is stored in a folder.</summary>
    public static string[] OptionsFor(string store) =>
        ["-o", $"remote={store}", "-o", "vfs-cache-mode=full", "-o", "vfs-write-back=0s", "-o", "attr-timeout=0s", "-o", "dir-cache-time=0s"];

    /// <summary>Skips the test where there is none.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Engine.IsStrake, "the plugin is started for an engine of the tests' own");
        Assert.SkipUnless(File.Exists(Program) && File.Exists("/dev/fuse"), "rclone or /dev/fuse is not here: eng/setup --test installs it");
    }

    /// <summary>Starts one, and waits until its socket is there.</summary>
    public static async Task<Rclone> StartAsync(string folder)
    {
        Require();
        var rclone = new Rclone(folder);
        foreach (var name in (string[])[rclone.Sockets, rclone.Store, rclone.Mounts]) Directory.CreateDirectory(name);
        await rclone.LaunchAsync();
        return rclone;
    }

    /// <summary>Starts it again; what it has left mounted is let go of, as whoever runs it would.</summary>
    public async Task LaunchAsync()
    {
        foreach (var mount in Leftovers.MountsBelow(Mounts)) await Command.RunAsync("umount", ["--lazy", mount]);
        var socket = Path.Combine(Sockets, "rclone.sock");
        File.Delete(socket);
        process = Command.Start("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", Path.Combine(folder, "log"), Program, "serve", "docker", "--socket-addr", socket,
            "--base-dir", Mounts, "--cache-dir", Path.Combine(folder, "cache"), "--config", Path.Combine(folder, "rclone.conf"), "--no-spec", "--allow-other"]);
        await Until.TrueAsync(() => File.Exists(socket), "rclone listens");
    }

    /// <summary>Has it end by SIGTERM. After SIGKILL rclone 1.60 never comes up again while a volume was mounted: it waits for itself.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        if (!process.HasExited) await Command.RunAsync("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Lays out a folder of which <c>docker plugin create</c> makes a managed plugin.</summary>
    /// <param name="folder">The folder; made.</param>
    /// <param name="store">A folder of the host, which the plugin sees as /store.</param>
    public static async Task PackAsync(string folder, string store)
    {
        Require();
        Directory.CreateDirectory(store);
        await File.WriteAllTextAsync(Write(folder, "config.json"), $$"""
            {
              "description": "folders by rclone", "documentation": "https://rclone.org/docker",
              "interface": { "socket": "rclone.sock", "types": ["docker.volumedriver/1.0"] },
              "entrypoint": ["/usr/bin/rclone", "serve", "docker", "--socket-addr", "/run/docker/plugins/rclone.sock", "--no-spec",
                "--base-dir", "/mnt/volumes", "--cache-dir", "/cache", "--config", "/cache/rclone.conf", "--allow-other"],
              "network": { "type": "host" }, "propagatedMount": "/mnt/volumes",
              "linux": { "capabilities": ["CAP_SYS_ADMIN"], "devices": [{ "path": "/dev/fuse" }] },
              "mounts": [{ "name": "store", "source": "{{store}}", "destination": "/store", "type": "bind", "options": ["rbind"], "settable": ["source"] }],
              "env": [{ "name": "RCLONE_VERBOSE", "value": "0", "settable": ["value"] }],
              "args": { "name": "args", "value": [], "settable": ["value"] }
            }
            """);
        foreach (var name in (string[])["cache", "store", "tmp", "mnt/volumes", "run/docker/plugins", "usr/bin", "etc"]) Directory.CreateDirectory(Path.Combine(folder, "rootfs", name));
        var libraries = (await Command.RunAsync("sh", ["-c", "ldd /usr/bin/rclone /bin/fusermount3 | grep -o '/[^ ]*\\.so[^ ]*' | sort -u"])).Ok().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var library in libraries) File.Copy(library, Write(folder, "rootfs" + library), overwrite: true);
        File.Copy(Program, Write(folder, "rootfs" + Program));
        File.Copy("/bin/fusermount3", Write(folder, "rootfs/usr/bin/fusermount3"));
        File.CreateSymbolicLink(Path.Combine(folder, "rootfs/usr/bin/fusermount"), "fusermount3");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        foreach (var mount in Leftovers.MountsBelow(folder)) await Command.RunAsync("umount", ["--lazy", mount]);
    }

    static string Write(string folder, string path)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }
}
