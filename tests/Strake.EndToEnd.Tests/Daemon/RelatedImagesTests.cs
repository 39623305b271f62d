using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>
/// What composefs is for: ten images that are much alike (a distribution; with Python; with a database; an application that was rebuilt seven times) take
/// less disk than with overlay2, and are the same.
/// </summary>
public sealed class RelatedImagesTests
{
    const int Rebuilds = 7;
    const int Files = 400;

    const string WithPython = """
        FROM debian:12
        RUN --mount=type=bind,source=packages,target=/packages apt-get install -qq --yes /packages/*.deb
        RUN python3 -c "import os; os.setxattr('/etc/motd', 'user.strake', b'1'); os.chown('/etc/issue', 12, 34)"
        """;

    static readonly string[] s_images = ["debian:12", "python", "mysql", .. Enumerable.Range(1, Rebuilds).Select(number => $"app:{number}")];

    // What every container is given to mount on, with times of its own, where an image lacks it.
    static readonly string[] s_given = [".dockerenv", "dev/console", "dev/pts", "dev/shm", "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab"];

    [Fact]
    public async Task Ten_related_images_take_less_disk_with_composefs_and_are_the_same()
    {
        Assert.SkipUnless(Engine.IsStrake, "these tests start the daemon");
        await using var root = await TestRoot.CreateAsync();
        var archive = Path.Combine(root.Path, "images.tar");
        await BuildAsync(archive);
        var (overlay, composefs) = (await KeepAsync("overlay2", archive), await KeepAsync("composefs", archive));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"overlay2 {overlay.UsedBytes / 1e6:0} MB, composefs {composefs.UsedBytes / 1e6:0} MB");
        foreach (var image in s_images) Assert.Equal(overlay.Contents[image], composefs.Contents[image]);
        Assert.Contains(overlay.Contents["app:7"], line => line.Contains("SCHILY.xattr.user.strake=1", StringComparison.Ordinal));
        Assert.True(composefs.UsedBytes < overlay.UsedBytes, $"composefs {composefs.UsedBytes}, overlay2 {overlay.UsedBytes}");
    }

    static async Task BuildAsync(string archive)
    {
        await using var engine = await Engine.StartAsync(new EngineOptions());
        var docker = engine.Docker;
        foreach (var name in new[] { "debian", "mysql" }) await docker.OkAsync("load", "-qi", TestSetting.Image($"{name}.docker.tar"));
        var context = Directory.CreateDirectory(Path.Combine(engine.Scratch, "context")).FullName;
        (await Command.RunAsync("cp", ["-r", TestSetting.Image("packages"), $"{context}/packages"])).Ok();
        await File.WriteAllTextAsync($"{context}/Dockerfile", WithPython);
        await docker.OkAsync("build", "-t", "python", "--network", "none", context);

        var application = Directory.CreateDirectory($"{context}/app").FullName;
        await File.WriteAllTextAsync($"{context}/Dockerfile", "FROM python\nCOPY app /app\n");
        for (var number = 1; number <= Rebuilds; number++)
        {
            WriteApplication(application, number);
            await docker.OkAsync("build", "-t", $"app:{number}", "--network", "none", context);
        }

        await docker.OkAsync(["save", "-o", archive, .. s_images]);
    }

    // As a rebuild leaves it: a twentieth of the files differ from the build before.
    static void WriteApplication(string folder, int number)
    {
        for (var i = 0; i < Files; i++)
        {
            var version = i % 20 == number % 20 ? number : 0;
            File.WriteAllText($"{folder}/{i}.js", string.Concat(Enumerable.Repeat(string.Create(CultureInfo.InvariantCulture, $"{i} {version} "), 4000)));
        }
    }

    static async Task<(long UsedBytes, Dictionary<string, IReadOnlyList<string>> Contents)> KeepAsync(string driver, string archive)
    {
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, 4000);
        await using var engine = await Engine.StartAsync(new EngineOptions { DataRoot = Path.Combine(disk.Path, "d"), Arguments = ["-s", driver] });
        await disk.SyncAsync();
        var before = await disk.FreeAsync();
        await engine.Docker.OkAsync("load", "-qi", archive);
        await disk.SyncAsync();
        var used = before - await disk.FreeAsync();
        var contents = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var image in s_images) contents[image] = await ContentAsync(engine, image);
        return (used, contents);
    }

    // Every file with all that is known of it, through a container's mount.
    static async Task<IReadOnlyList<string>> ContentAsync(Engine engine, string image)
    {
        var (name, path) = (engine.NewContainer(), Path.Combine(engine.Scratch, "export.tar"));
        await engine.Docker.OkAsync("create", "--name", name, "--hostname", "same", image, "true");
        await engine.Docker.OkAsync("export", "-o", path, name);
        await engine.Docker.OkAsync("rm", name);
        var lines = new List<string>();
        await using var reader = new TarReader(File.OpenRead(path));
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (s_given.Contains(entry.Name.TrimEnd('/'), StringComparer.Ordinal)) continue;
            var line = new StringBuilder($"{entry.Name} {entry.EntryType} {entry.LinkName} {entry.Mode} {entry.Uid}:{entry.Gid} {entry.ModificationTime.UtcTicks}");
            if (entry is PaxTarEntry pax)
                foreach (var (key, value) in pax.ExtendedAttributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)) line.Append(CultureInfo.InvariantCulture, $" {key}={value}");
            if (entry.DataStream is { } data) line.Append(' ').Append(Convert.ToHexStringLower(await SHA256.HashDataAsync(data)));
            lines.Add(line.ToString());
        }

        File.Delete(path);
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
