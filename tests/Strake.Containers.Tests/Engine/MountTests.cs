using Strake.Linux;

namespace Strake.Containers.Tests.Engine;

/// <summary>Mounts whose source is not just a path, with each runtime.</summary>
public sealed class MountTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_place_inside_a_volume_is_mounted_a_directory_or_a_file(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        await host.RunAsync(["sh", "-c", "mkdir -p /v/a/b; echo inside > /v/a/b/file; ln -s a/b /v/link"], host: static settings => settings with { Binds = ["vol:/v"] });

        RunResult result = await host.RunAsync(
            ["sh", "-c", "cat /dir/file /file /linked/file; echo new > /dir/new; ls /dir"],
            host: static settings => settings with { Mounts = [At("/dir", "a/b"), At("/file", "a/b/file"), At("/linked", "link")] });

        Assert.Equal("inside\ninside\ninside\nfile\nnew\n", result.Output);
        Assert.True(File.Exists($"{host.DataRoot}/volumes/vol/_data/a/b/new"));
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("out")]
    [InlineData("missing")]
    public async Task A_place_that_leads_out_of_a_volume_or_is_not_there_keeps_the_container_from_starting(string place)
    {
        await using EngineHost host = await EngineHost.StartAsync();
        await host.RunAsync(["ln", "-s", "/etc", "/v/out"], host: static settings => settings with { Binds = ["vol:/v"] });

        CreatedContainer made = await host.CreateAsync(["ls", "/dir"], host: settings => settings with { Mounts = [At("/dir", place)] });

        await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StartAsync(made.Id, Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Swapped_for_a_link_while_it_is_mounted_a_place_shows_the_volume_or_nothing()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        await host.RunAsync(["sh", "-c", "mkdir /v/place; echo mine > /v/place/hostname; ln -s /etc /v/link"], host: static settings => settings with { Binds = ["vol:/v"] });
        string volume = $"{host.DataRoot}/volumes/vol/_data";
        using var over = new CancellationTokenSource();
        Task swapping = Task.Run(
            () =>
            {
                using var directory = Syscall.Open(volume, OpenFlags.Directory);
                while (!over.IsCancellationRequested)
                    Syscall.RenameAt(directory, PathBytes.Encode("place"), directory, PathBytes.Encode("link"), RenameFlags.Exchange);
            },
            Token);

        int shown = 0;
        for (int round = 0; round < 30; round++)
        {
            try
            {
                RunResult result = await host.RunAsync(["cat", "/dir/hostname"], host: static settings => settings with { Mounts = [At("/dir", "place")] });
                Assert.Equal("mine\n", result.Output);
                shown++;
            }
            catch (StrakeException refusal)
            {
                Assert.Contains("escapes the base directory", refusal.Message, StringComparison.Ordinal);
            }
        }

        await over.CancelAsync();
        await swapping;
        Assert.True(shown > 0, "the link was there each time");
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task An_image_is_mounted_read_only_and_kept_while_the_container_is(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        int before = (await host.Layers.ListWritableAsync(Token)).Count;
        CreatedContainer made = await host.CreateAsync(
            ["sh", "-c", "cat /img/data/from-image /dir/from-image; touch /img/x"],
            host: static settings => settings with
            {
                Mounts =
                [
                    new MountRequest { Type = "image", Source = "busybox", Target = "/img" },
                    new MountRequest { Type = "image", Source = "busybox", Target = "/dir", ImageOptions = new ImageOptions("data") },
                ],
            });
        Container container = await host.Engine.GetAsync(made.Id, Token);
        Assert.Equal(["image busybox /dir False rprivate", "image busybox /img False rprivate"], container.Mounts.Select(static mount => $"{mount.Type} {mount.Name} {mount.Destination} {mount.RW} {mount.Propagation}"));

        await host.RestartAsync();
        await host.Engine.StartAsync(made.Id, Token);
        ContainerExit exit = await host.Engine.WaitAsync(made.Id, WaitCondition.NotRunning, Token);
        Assert.Equal(1, exit.Code);
        Assert.Empty(await host.Engine.CheckAsync(Token));

        await host.Engine.RemoveAsync(made.Id, new RemoveOptions(), Token);
        Assert.Equal(before, (await host.Layers.ListWritableAsync(Token)).Count);
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Read_only_holds_for_what_is_mounted_below_unless_told_otherwise(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string source = Directory.CreateDirectory($"{host.DataRoot}/bind/below").FullName;
        using MountScope below = new Mount("tmpfs", "tmpfs", source).Attach();
        MountRequest Request(string target, BindOptions options) =>
            new() { Type = "bind", Source = $"{host.DataRoot}/bind", Target = target, ReadOnly = true, BindOptions = options };

        RunResult result = await host.RunAsync(
            ["sh", "-c", "touch /all/below/x || echo no; touch /top/below/x && echo yes; touch /top/x || echo no; ls /alone/below; touch /sure/below/x || echo no"],
            host: settings => settings with
            {
                Mounts =
                [
                    Request("/all", new BindOptions()),
                    Request("/top", new BindOptions { ReadOnlyNonRecursive = true }),
                    Request("/alone", new BindOptions { NonRecursive = true }),
                    Request("/sure", new BindOptions { ReadOnlyForceRecursive = true }),
                ],
            });

        Assert.Equal("no\nyes\nno\nno\n", result.Output);
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_file_can_be_mounted_read_only(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string source = $"{host.DataRoot}/file";
        await File.WriteAllTextAsync(source, "from host\n", Token);

        RunResult result = await host.RunAsync(
            ["sh", "-c", "cat /a /b; echo x > /a || echo no; echo x > /b || echo no"],
            host: settings => settings with
            {
                Binds = [$"{source}:/a:ro"],
                Mounts = [new MountRequest { Type = "image", Source = "busybox", Target = "/b", ImageOptions = new ImageOptions("data/from-image") }],
            });

        Assert.Equal("from host\nimage content\nno\nno\n", result.Output);
    }

    [Theory]
    [InlineData("crun", "noexec,nosuid,nodev,noatime")]   // crun 1.8 does not know nosymfollow.
    [InlineData("runc", "noexec,nosuid,nodev,noatime,nosymfollow")]
    [InlineData("crun", "ro")]
    [InlineData("runc", "ro")]
    public async Task What_a_source_s_mount_forbids_is_forbidden_inside_as_well(string runtime, string options)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string source = Directory.CreateDirectory($"{host.DataRoot}/bind").FullName;
        MountFlags flags = options == "ro" ? MountFlags.ReadOnly : MountFlags.NoExecute | MountFlags.NoSetUid | MountFlags.NoDevices | MountFlags.NoAccessTime | MountFlags.NoSymlinkFollow;
        using MountScope restricted = new Mount("tmpfs", "tmpfs", source, flags).Attach();

        RunResult result = await host.RunAsync(["grep", " /b ", "/proc/mounts"], host: settings => settings with { Binds = [$"{source}:/b"] });

        Assert.Subset(result.Output.Split(' ')[3].Split(',').ToHashSet(), options.Split(',').ToHashSet());
    }

    [Theory]
    [InlineData("crun", "rshared", true, true)]
    [InlineData("crun", "rslave", true, false)]
    [InlineData("crun", "rprivate", false, false)]
    [InlineData("runc", "rshared", true, true)]
    [InlineData("runc", "rslave", true, false)]
    [InlineData("runc", "rprivate", false, false)]
    public async Task Mounts_spread_as_asked(string runtime, string propagation, bool inwards, bool outwards)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string source = Directory.CreateDirectory($"{host.DataRoot}/bind").FullName;
        using MountScope shared = new Mount("tmpfs", "tmpfs", source, MountFlags.Shared).Attach();
        Directory.CreateDirectory($"{source}/in");
        Directory.CreateDirectory($"{source}/out");

        string id = await host.StartDetachedAsync(
            ["sleep", "60"],
            host: settings => settings with
            {
                Privileged = true,
                Mounts = [new MountRequest { Type = "bind", Source = source, Target = "/b", BindOptions = new BindOptions { Propagation = propagation } }],
            });
        using MountScope inner = new Mount("tmpfs", "tmpfs", $"{source}/in").Attach();
        await host.ExecAsync(id, ["mount", "-t", "tmpfs", "tmpfs", "/b/out"]);

        string seen = (await host.ExecAsync(id, ["cat", "/proc/mounts"])).Output;
        Assert.Equal(inwards, seen.Contains(" /b/in ", StringComparison.Ordinal));
        Assert.Equal(outwards, MountTable.IsMountPoint($"{source}/out"));
        await host.Engine.KillAsync(id, null, Token);
        Syscall.TryUnmount($"{source}/out", UnmountFlags.Detach);
    }

    [Fact]
    public async Task A_source_that_cannot_share_is_refused_in_Dockers_words()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string source = Directory.CreateDirectory($"{host.DataRoot}/bind").FullName;
        using MountScope apart = new Mount("tmpfs", "tmpfs", source, MountFlags.Private).Attach();
        foreach ((string propagation, string what) in ((string, string)[])[("rshared", "shared"), ("slave", "shared or slave")])
        {
            CreatedContainer made = await host.CreateAsync(["true"], host: settings => settings with { Binds = [$"{source}:/b:{propagation}"] });
            StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StartAsync(made.Id, Token));
            Assert.Equal($"path {source} is mounted on {source} but it is not a {what} mount", refusal.Message);
        }
    }

    [Fact]
    public async Task A_volume_that_has_to_be_mounted_is_so_while_it_is_used_and_for_a_look_at_it()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        await host.Volumes.CreateAsync(
            new("vol") { DriverOptions = new Dictionary<string, string> { ["size"] = "10m", ["backend"] = "image" } }, Token);
        string content = $"{host.DataRoot}/volumes/vol/_data";

        RunResult first = await host.RunAsync(["sh", "-c", "cat /data/from-image; dd if=/dev/zero of=/data/f bs=4k count=5120 2>&1 | grep -c 'No space'; df -k /data | awk '{print $4}' | tail -1"], host: static settings => settings with { Binds = ["vol:/data"] });

        Assert.Equal("image content\n1\n0\n", first.Output);
        Assert.False(MountTable.IsMountPoint(content));
        PathStat stat = await host.Engine.StatArchiveAsync(first.Id, "/data/f", Token);
        Assert.InRange(stat.Size, 9 << 20, 10 << 20);
        Assert.False(MountTable.IsMountPoint(content));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task After_a_restart_a_volume_stays_mounted_for_who_runs()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        await host.Volumes.CreateAsync(
            new("vol") { DriverOptions = new Dictionary<string, string> { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = "size=1m" } }, Token);
        string content = $"{host.DataRoot}/volumes/vol/_data";
        string id = await host.StartDetachedAsync(["sleep", "60"], host: static settings => settings with { Binds = ["vol:/v:ro"] });
        Assert.True(MountTable.IsMountPoint(content));

        await host.RestartAsync();
        Assert.True(MountTable.IsMountPoint(content));
        Volumes.VolumeUse use = Assert.Single(await host.Volumes.Uses.OfAsync("vol", Token));
        Assert.Equal((true, true, "/v"), (use.Mounted, use.Attachment.ReadOnly, use.Attachment.Destination));
        Assert.Empty(await host.Volumes.CheckAsync(new HashSet<string> { $"container/{id}" }, Token));

        await host.Engine.RemoveAsync(id, new RemoveOptions(Force: true), Token);
        Assert.False(MountTable.IsMountPoint(content));
        await host.Volumes.RemoveAsync("vol", force: false, Token);
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_place_inside_a_bind_is_mounted_and_none_outside(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string source = Directory.CreateDirectory($"{host.DataRoot}/source/a/b").Parent!.Parent!.FullName;
        File.WriteAllText($"{source}/a/b/file", "inside\n");
        File.CreateSymbolicLink($"{source}/out", "/etc");

        RunResult result = await host.RunAsync(["cat", "/dir/file"], host: settings => settings with { Mounts = [Inside(source, "a/b")] });
        Assert.Equal("inside\n", result.Output);

        CreatedContainer made = await host.CreateAsync(["ls", "/dir"], host: settings => settings with { Mounts = [Inside(source, "out")] });
        await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StartAsync(made.Id, Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Containers_share_IPC_where_they_share_the_memory_too()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string memory = Directory.CreateDirectory($"{host.DataRoot}/memory").FullName;
        string first = await host.StartDetachedAsync(["sleep", "60"], host: static settings => settings with { IpcMode = "shareable" });
        var shared = new MountRequest { Type = "bind", Source = memory, Target = "/dev/shm" };
        string second = await host.StartDetachedAsync(["sleep", "60"], host: settings => settings with { IpcMode = $"container:{first}", Mounts = [shared] });
        Assert.Equal(await IpcOfAsync(host, first), await IpcOfAsync(host, second));

        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => host.CreateAsync(["true"], host: settings => settings with { IpcMode = $"container:{first}" }));
        Assert.Equal(ErrorKind.NotSupported, refused.Kind);
        await host.Engine.RemoveAsync(second, new RemoveOptions(Force: true), Token);
        await host.Engine.RemoveAsync(first, new RemoveOptions(Force: true), Token);
    }

    static async Task<string> IpcOfAsync(EngineHost host, string id) => (await host.ExecAsync(id, ["readlink", "/proc/self/ns/ipc"])).Output;

    static MountRequest Inside(string source, string subpath) =>
        new() { Type = "bind", Source = source, Target = "/dir", BindOptions = new BindOptions { Subpath = subpath } };

    static MountRequest At(string target, string subpath) =>
        new() { Type = "volume", Source = "vol", Target = target, VolumeOptions = new VolumeOptions { Subpath = subpath } };
}
