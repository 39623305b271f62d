using System.Formats.Tar;
using System.Text;
using Strake.Images;

namespace Strake.Containers.Tests.Engine;

public sealed class ContentTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_holds_the_changes_alone(bool running)
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer created = await host.CreateAsync(["sh", "-c", "echo new > /data/new; rm /etc/text; echo done; exec sleep " + (running ? "60" : "0")]);
        await host.Engine.StartAsync(created.Id, Token);
        var client = new Streams.RecordingClient { Until = static text => text == "done\n" };
        _ = host.Engine.LogsAsync(created.Id, new LogOptions { Follow = true }, client, Token);
        await client.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        if (!running)
            await host.Engine.WaitAsync(created.Id, WaitCondition.NotRunning, Token);

        ImageId id = await host.Engine.CommitAsync(created.Id, new CommitOptions { Reference = "committed", Change = static defaults => defaults with { Env = [.. defaults.Env ?? [], "A=b"] }, Comment = "why", Author = "me" }, Token);

        Image image = (await host.Images.FindAsync(id, Token))!;
        Assert.Equal(2, image.Config.DiffIds.Count);
        Assert.Contains("A=b", image.Config.Defaults!.Env!);
        using var layer = new MemoryStream();
        await host.Layers.WriteTarAsync(image.Chain!.Value, layer, Token);
        Assert.Equal(["data/", "data/new", "etc/", "etc/.wh.text"], Names(layer));
        Assert.Equal("new\n", (await host.RunAsync(["cat", "/data/new"], static config => config with { Image = "committed" })).Output);
        if (running)
            Assert.Equal(ContainerStatus.Running, (await host.Engine.GetAsync(created.Id, Token)).State.Status);
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_export_has_the_file_system_without_what_is_mounted_on_it(bool running)
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"], host: static settings => settings with { Binds = ["vol:/v"] });
        await host.ExecAsync(id, ["sh", "-c", "echo x > /v/in-volume; echo y > /home/in-layer"]);
        if (!running)
            await host.Engine.KillAsync(id, null, Token);

        using var tar = new MemoryStream();
        await host.Engine.ExportAsync(id, tar, Token);

        string[] names = Names(tar);
        Assert.Contains("home/in-layer", names);
        Assert.Contains("bin/busybox", names);
        Assert.Contains(".dockerenv", names);
        Assert.DoesNotContain("v/in-volume", names);
        Assert.DoesNotContain(names, static name => name.StartsWith("proc/", StringComparison.Ordinal) && name != "proc/");
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_are_copied_in_and_out_volumes_included(bool running)
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"], host: static settings => settings with { Binds = ["vol:/v"] });
        if (!running)
            await host.Engine.KillAsync(id, null, Token);

        foreach (string directory in (string[])["/home", "/v"])
        {
            using MemoryStream tar = TarOf("copied", "text\n");
            await host.Engine.WriteArchiveAsync(id, directory, tar, noOverwriteDirNonDir: true, copyUidGid: false, Token);
            PathStat stat = await host.Engine.StatArchiveAsync(id, directory + "/copied", Token);
            Assert.Equal(("copied", 5L), (stat.Name, stat.Size));
            using var target = new MemoryStream();
            await host.Engine.ReadArchiveAsync(id, directory + "/copied", target, ready: null, Token);
            Assert.Equal(["copied"], Names(target));
        }

        Assert.True(File.Exists($"{host.DataRoot}/volumes/vol/_data/copied"));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StatArchiveAsync(id, "/nope", Token))).Kind);
        if (!running)
            await host.Engine.StartAsync(id, Token);
        Assert.Equal((0, "text\ntext\n", ""), await host.ExecAsync(id, ["cat", "/home/copied", "/v/copied"]));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_containers_size_is_its_own_and_its_images()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        RunResult run = await host.RunAsync(["dd", "if=/dev/zero", "of=/big", "bs=1024", "count=100"]);

        ContainerSize size = await host.Engine.MeasureAsync(run.Id, Token);

        Assert.Equal(100 << 10, size.SizeRwBytes);
        Assert.True(size.SizeRootFsBytes > size.SizeRwBytes + (512 << 10));
    }

    static MemoryStream TarOf(string name, string text)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        stream.Position = 0;
        return stream;
    }

    static string[] Names(MemoryStream tar)
    {
        tar.Position = 0;
        using var reader = new TarReader(tar, leaveOpen: true);
        List<string> names = [];
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        return [.. names];
    }
}
