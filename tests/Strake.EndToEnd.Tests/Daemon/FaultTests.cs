using System.Globalization;
using Strake.EndToEnd.Tests.Csi;
using Strake.EndToEnd.Tests.Harness;
using Strake.EndToEnd.Tests.Registry;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>
/// The daemon is killed at each write boundary of an operation, one after the other. After each restart fsck finds nothing, what ran runs,
/// nothing is left over, and the operation succeeds.
/// </summary>
public sealed class FaultTests
{
    // A long operation has so many points, most of them alike, that each of them would take minutes: beyond the first ones
    // every seventh here, all where STRAKE_TEST_FACTOR asks for more.
    const int FirstPoints = 20;
    static readonly int s_longStride = Environment.GetEnvironmentVariable("STRAKE_TEST_FACTOR") is { Length: > 0 } ? 1 : 7;

    static readonly string s_archive = TestSetting.Image("busybox.docker-gzip.tar");

    [Fact]
    public Task Load() => AtEveryPointAsync(
        before: async engine => await engine.Docker.RunAsync("rmi", "-f", "busybox"),
        operation: engine => engine.Docker.RunAsync("load", "-i", s_archive),
        after: async engine => Assert.Equal("runs", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "runs")),
        prepared: engine => engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.oci-zstd.tar")),
        withBystander: false);

    [Fact]
    public async Task Pull()
    {
        await using var registry = await RegistryServer.StartAsync();
        var name = registry.Name("killed:1");
        await AtEveryPointAsync(
            before: async engine => await engine.Docker.RunAsync("rmi", "-f", name),
            operation: engine => engine.Docker.RunAsync("pull", name),
            after: async engine => Assert.Equal("runs", await engine.Docker.OkAsync("run", "--rm", "--network", "none", name, "echo", "runs")),
            prepared: engine => RegistryServer.SkopeoAsync("copy", "-q", "--dest-tls-verify=false", $"docker-archive:{s_archive}", "docker://" + name),
            withBystander: false);
    }

    [Fact]
    public async Task Push()
    {
        await using var registry = await RegistryServer.StartAsync();
        var number = 0;
        await AtEveryPointAsync(
            // A new repository each time, and an engine that knows of no other that has the layers: all is sent.
            before: async engine =>
            {
                await engine.Docker.RunAsync("rmi", "-f", await engine.Docker.ValueAsync("busybox", "{{.Id}}"));
                await engine.Docker.OkAsync("load", "-qi", s_archive);
                return await engine.Docker.RunAsync("tag", "busybox", registry.Name($"killed/{++number}:1"));
            },
            operation: engine => engine.Docker.RunAsync("push", registry.Name($"killed/{number}:1")),
            after: async engine => Assert.Contains(
                "sha256:", await RegistryServer.SkopeoAsync("inspect", "--tls-verify=false", "docker://" + registry.Name($"killed/{number}:1")), StringComparison.Ordinal),
            withBystander: false);
    }

    [Fact]
    public async Task Build()
    {
        // Each kind of step; what is finished is known after the restart, so that later kills hit later steps.
        var dockerfile = "FROM busybox\nCOPY <<EOF /made/copied\nx\nEOF\nRUN --mount=type=cache,target=/cache echo y > /made/run; echo z > /cache/z\n"u8.ToArray();
        await AtEveryPointAsync(
            before: async engine =>
            {
                await engine.Docker.RunAsync("rmi", "-f", "built");
                return await engine.Docker.RunAsync("builder", "prune", "-af");
            },
            operation: engine => engine.Docker.RunAsync(["build", "--network", "none", "-t", "built", "-"], dockerfile),
            after: async engine => Assert.Equal("x\ny", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "built", "cat", "/made/copied", "/made/run")),
            withBystander: false);
    }

    [Fact]
    public Task Builder_prune() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync(["build", "--network", "none", "-t", "pruned", "-"], "FROM busybox\nRUN echo x > /f\n"u8.ToArray()),
        operation: engine => engine.Docker.RunAsync("builder", "prune", "-af"),
        after: async engine => Assert.Equal("x", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "pruned", "cat", "/f")),
        withBystander: false);

    [Fact]
    public Task Create() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync("rm", "-fv", "made"),
        operation: engine => engine.Docker.RunAsync("create", "--name", "made", "--network", "none", "-v", "/data", "-v", "made-volume:/named", "busybox", "echo", "made"),
        after: async engine => Assert.Equal("made", await engine.Docker.OkAsync("start", "-a", "made")));

    /// <summary>A creation that did not come to its end took it for one that it had made.</summary>
    [Fact]
    public async Task Create_with_an_anonymous_volume_that_was_there()
    {
        var volume = "";
        await AtEveryPointAsync(
            before: engine => engine.Docker.RunAsync("rm", "-fv", "made"),
            operation: engine => engine.Docker.RunAsync("create", "--name", "made", "--network", "none", "-v", $"{volume}:/data", "-v", "/other", "busybox", "cat", "/data/file"),
            after: async engine => Assert.Equal("precious", await engine.Docker.OkAsync("start", "-a", "made")),
            prepared: async engine =>
            {
                await engine.Docker.OkAsync("load", "-qi", s_archive);
                volume = await engine.Docker.OkAsync("volume", "create");
                await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", $"{volume}:/data", "busybox", "sh", "-c", "echo precious >/data/file");
            });
    }

    [Fact]
    public Task Start() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-fv", "started");
            return await engine.Docker.RunAsync("create", "--name", "started", "--network", "none", "-v", "/data", "busybox", "sleep", "1000");
        },
        operation: engine => engine.Docker.RunAsync("start", "started"),
        after: async engine => Assert.Equal("running", await engine.Docker.ValueAsync("started", "{{.State.Status}}")));

    [Fact]
    public Task Commit() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rmi", "-f", "committed:one");
            await engine.Docker.RunAsync("rm", "-f", "source");
            return await engine.Docker.RunAsync("run", "--name", "source", "--network", "none", "busybox", "sh", "-c", "echo $(date) >/file; rm /etc/group");
        },
        operation: engine => engine.Docker.RunAsync("commit", "source", "committed:one"),
        after: async engine => Assert.Equal("gone", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "committed:one", "sh", "-c", "test -s /file && test -e /etc/group || echo gone")));

    [Fact]
    public Task Rm() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync("run", "--name", "removed", "--network", "none", "-v", "/data", "busybox", "sh", "-c", "echo x >/file"),
        operation: engine => engine.Docker.RunAsync("rm", "-v", "removed"),
        // What was half gone when the daemon died may be wholly gone after its restart: to repeat it is then no error.
        repeated: async engine => await engine.Docker.RunAsync("rm", "-fv", "removed"),
        after: async engine => await engine.Docker.RefusedAsync("inspect", "removed"));

    [Fact]
    public Task Rm_of_a_running_container() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-fv", "removed");
            return await engine.Docker.RunAsync("run", "-d", "--name", "removed", "--network", "none", "-v", "/data", "busybox", "sleep", "1000");
        },
        operation: engine => engine.Docker.RunAsync("rm", "-fv", "removed"),
        after: async engine => await engine.Docker.RefusedAsync("inspect", "removed"));

    [Fact]
    public Task Rmi() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-f", "source");
            await engine.Docker.OkAsync("run", "--name", "source", "--network", "none", "busybox", "sh", "-c", "echo x >/file");
            await engine.Docker.OkAsync("commit", "source", "doomed:one");
            return await engine.Docker.RunAsync("rm", "-f", "source");
        },
        operation: engine => engine.Docker.RunAsync("rmi", "doomed:one"),
        repeated: async engine => await engine.Docker.RunAsync("rmi", "-f", "doomed:one"),
        after: async engine => Assert.Empty(await engine.Docker.OkAsync("images", "-q", "doomed")));

    [Fact]
    public Task Volume_create() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync("volume", "rm", "-f", "made"),
        operation: engine => engine.Docker.RunAsync("volume", "create", "made"),
        after: async engine => Assert.Equal("kept", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "made:/data", "busybox", "sh", "-c", "echo kept >/data/f; cat /data/f")));

    [Fact]
    public Task Volume_rm() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync("run", "--rm", "--network", "none", "-v", "doomed:/etc", "busybox", "true"),
        operation: engine => engine.Docker.RunAsync("volume", "rm", "doomed"),
        repeated: engine => engine.Docker.RunAsync("volume", "rm", "-f", "doomed"),
        after: async engine => await engine.Docker.RefusedAsync("volume", "inspect", "doomed"));

    [Fact]
    public Task The_first_copy_into_a_volume() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-f", "filled");
            return await engine.Docker.RunAsync("volume", "rm", "-f", "full");
        },
        operation: engine => engine.Docker.RunAsync("create", "--name", "filled", "--network", "none", "-v", "full:/bin", "busybox", "ls", "/bin/sh", "/bin/zcat"),
        after: async engine => Assert.Equal("/bin/sh\n/bin/zcat", await engine.Docker.OkAsync("start", "-a", "filled")));

    [Fact]
    public Task Volume_create_with_a_size() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync("volume", "rm", "-f", "sized"),
        operation: engine => engine.Docker.RunAsync("volume", "create", "-o", "size=10m", "-o", "backend=image", "-o", "uid=7", "sized"),
        after: async engine => Assert.Equal(
            "7 10240", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "sized:/data", "busybox", "sh", "-c", "echo $(stat -c %u /data) $(df -k /data | tail -1 | awk '{print $3+$4-8}')")),
        withBystander: false);

    [Fact]
    public Task Start_with_a_volume_that_is_mounted() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-f", "started");
            await engine.Docker.RunAsync("volume", "create", "-o", "size=10m", "-o", "backend=image", "sized");
            return await engine.Docker.RunAsync("create", "--name", "started", "--network", "none", "-v", "sized:/data", "busybox", "sh", "-c", "echo x >>/data/kept; sleep 1000");
        },
        operation: engine => engine.Docker.RunAsync("start", "started"),
        after: async engine => Assert.Equal("running", await engine.Docker.ValueAsync("started", "{{.State.Status}}")),
        withBystander: false);

    [Fact]
    public Task Kill_with_a_volume_that_is_mounted() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-f", "killed");
            await engine.Docker.RunAsync("volume", "create", "-o", "size=10m", "-o", "backend=image", "sized");
            return await engine.Docker.RunAsync("run", "-d", "--name", "killed", "--network", "none", "-v", "sized:/data", "busybox", "sh", "-c", "echo x >/data/kept; sleep 1000");
        },
        operation: async engine =>
        {
            await engine.Docker.RunAsync("kill", "killed");
            return await engine.Docker.RunAsync("wait", "killed");
        },
        repeated: engine => engine.Docker.RunAsync("rm", "-f", "killed"),
        after: async engine => Assert.Equal("x", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "sized:/data", "busybox", "cat", "/data/kept")),
        withBystander: false);

    [Fact]
    public Task Volume_resize() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("volume", "rm", "-f", "sized");
            await engine.Docker.RunAsync("volume", "create", "-o", "size=10m", "-o", "backend=image", "sized");
            return await engine.Docker.RunAsync("run", "--rm", "--network", "none", "-v", "sized:/data", "busybox", "sh", "-c", "echo x >/data/kept");
        },
        operation: engine => Command.RunAsync(TestSetting.Program, ["volume", "resize", "sized", "50m", "--host", engine.Host]),
        after: async engine => Assert.Equal(
            "x 50", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "sized:/data", "busybox", "sh", "-c", "echo $(cat /data/kept) $(df -m /data | tail -1 | awk '{print $3+$4}')")),
        withBystander: false);

    [Fact]
    public Task Volume_rm_with_a_size() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("volume", "create", "-o", "size=10m", "-o", "backend=image", "sized");
            return await engine.Docker.RunAsync("run", "--rm", "--network", "none", "-v", "sized:/data", "busybox", "touch", "/data/file");
        },
        operation: engine => engine.Docker.RunAsync("volume", "rm", "sized"),
        repeated: engine => engine.Docker.RunAsync("volume", "rm", "-f", "sized"),
        after: async engine => await engine.Docker.RefusedAsync("volume", "inspect", "sized"),
        withBystander: false);

    [Fact]
    public Task Volume_snapshot_of_a_mounted_volume() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("rm", "-f", "writer");
            await engine.Docker.RunAsync("volume", "rm", "-f", "sized");
            await engine.Docker.RunAsync("volume", "create", "-o", "size=10m", "-o", "backend=image", "sized");
            return await engine.Docker.RunAsync("run", "-d", "--name", "writer", "--network", "none", "-v", "sized:/data", "busybox", "sh", "-c", "echo x >/data/kept; sleep 1000");
        },
        operation: engine => VolumeAsync(engine, "snapshot", "sized", "one"),
        repeated: engine => VolumeAsync(engine, "snapshot", "sized", "two"),
        // What a kill has left frozen would wait for ever.
        after: async engine => Assert.Equal("x y", await engine.Docker.OkAsync("exec", "writer", "sh", "-c", "echo y >/data/more; sync; echo $(cat /data/kept /data/more)")),
        withBystander: false);

    [Fact]
    public Task Volume_rollback() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("volume", "rm", "-f", "changed");
            await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "changed:/data", "busybox", "sh", "-c", "echo old >/data/file");
            (await VolumeAsync(engine, "snapshot", "changed", "before")).Ok();
            return await engine.Docker.RunAsync("run", "--rm", "--network", "none", "-v", "changed:/data", "busybox", "sh", "-c", "echo new >/data/file; touch /data/more");
        },
        operation: engine => VolumeAsync(engine, "rollback", "changed@before"),
        after: async engine => Assert.Equal("file old", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "changed:/data", "busybox", "sh", "-c", "echo $(ls /data; cat /data/file)")),
        withBystander: false);

    [Fact]
    public Task Volume_clone() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("volume", "rm", "-f", "copy");
            return await engine.Docker.RunAsync("run", "--rm", "--network", "none", "-v", "original:/data", "busybox", "sh", "-c", "echo x >/data/file");
        },
        operation: engine => VolumeAsync(engine, "clone", "original", "copy"),
        repeated: async engine =>
        {
            await engine.Docker.RunAsync("volume", "rm", "-f", "copy");
            return await VolumeAsync(engine, "clone", "original", "copy");
        },
        after: async engine => Assert.Equal("x", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "copy:/data", "busybox", "cat", "/data/file")),
        withBystander: false);

    [Fact]
    public Task Volume_into_the_trash_and_back_under_another_name() => AtEveryPointAsync(
        before: async engine =>
        {
            await engine.Docker.RunAsync("volume", "rm", "-f", "back");
            return await engine.Docker.RunAsync("run", "--rm", "--network", "none", "-v", "gone:/data", "busybox", "sh", "-c", "echo x >/data/file");
        },
        operation: async engine =>
        {
            await VolumeAsync(engine, "rm", "gone");
            return await VolumeAsync(engine, "restore", "gone", "back");
        },
        // Where it is depends on when the daemon died.
        repeated: async engine =>
        {
            await VolumeAsync(engine, "rm", "gone");
            await VolumeAsync(engine, "restore", "gone", "back");
            return await engine.Docker.RunAsync("volume", "inspect", "back");
        },
        after: async engine => Assert.Equal("x", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "back:/data", "busybox", "cat", "/data/file")),
        withBystander: false);

    [Fact]
    public Task Csi_volume_from_creation_over_snapshot_rollback_and_clone_to_removal() => WithCsiAsync(
        operation: async engine =>
        {
            await engine.Docker.RunAsync("volume", "create", "-d", FolderDriver.Name, "-o", "size=8m", "data");
            await VolumeAsync(engine, "snapshot", "data", "one");
            await VolumeAsync(engine, "rollback", "data@one");
            await VolumeAsync(engine, "clone", "data@one", "copy");
            await VolumeAsync(engine, "resize", "data", "16m");
            await engine.Docker.RunAsync("volume", "rm", "-f", "copy");
            return await engine.Docker.RunAsync("volume", "rm", "-f", "data");
        });

    [Fact]
    public Task Csi_volume_to_the_node_and_back() => WithCsiAsync(
        operation: async engine =>
        {
            await engine.Docker.RunAsync("volume", "create", "-d", FolderDriver.Name, "data");
            await engine.Docker.RunAsync("create", "--name", "user", "--network", "none", "-v", "data:/data", "busybox", "true");
            await engine.Docker.RunAsync("cp", "/etc/hostname", "user:/data/name");
            await engine.Docker.RunAsync("rm", "-f", "user");
            return await engine.Docker.RunAsync("volume", "rm", "-f", "data");
        });

    [Fact]
    public Task Create_with_an_image_mount() => AtEveryPointAsync(
        before: engine => engine.Docker.RunAsync("rm", "-f", "imaged"),
        operation: engine => engine.Docker.RunAsync("create", "--name", "imaged", "--network", "none", "--mount", "type=image,source=busybox,target=/img", "busybox", "ls", "/img/bin/sh"),
        after: async engine => Assert.Equal("/img/bin/sh", await engine.Docker.OkAsync("start", "-a", "imaged")),
        withBystander: false);

    // Whatever was killed: the driver has in the end what the engine knows of, nothing, and nothing of it is on the machine.
    static async Task WithCsiAsync(Func<Engine, Task<CommandResult>> operation)
    {
        var folder = Directory.CreateTempSubdirectory("strake-test-csi-").FullName;
        await using (var driver = await FolderDriver.StartAsync(folder))
        {
            await AtEveryPointAsync(
                before: engine => engine.Docker.RunAsync("volume", "rm", "-f", "data", "copy"),
                operation: operation,
                after: async engine =>
                {
                    await Until.TrueAsync(async () => await driver.CountAsync() == "0 0", "the driver has nothing left");
                    Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "csi")));
                },
                withBystander: false,
                options: new EngineOptions { Arguments = ["--csi-driver", "unix://" + driver.Socket] },
                stride: s_longStride);
        }

        Directory.Delete(folder, recursive: true);
    }

    static Task<CommandResult> VolumeAsync(Engine engine, params string[] words) =>
        Command.RunAsync(TestSetting.Program, ["volume", .. words, "--host", engine.Host]);

    /// <summary>The loop: kill at point 1, 2, … until the operation reaches its end unharmed.</summary>
    /// <param name="before">Brings the engine to where the operation can be done; done anew before each kill.</param>
    /// <param name="operation">What is killed.</param>
    /// <param name="after">Asserts that the operation took effect.</param>
    /// <param name="repeated">The operation as it is repeated after the restart; null: the operation itself.</param>
    /// <param name="prepared">More preparation, once.</param>
    /// <param name="withBystander">Whether a container runs beside it that must not notice anything.</param>
    /// <param name="options">How the engine is started; null: with defaults.</param>
    static async Task AtEveryPointAsync(
        Func<Engine, Task<CommandResult>> before, Func<Engine, Task<CommandResult>> operation, Func<Engine, Task> after,
        Func<Engine, Task<CommandResult>>? repeated = null, Func<Engine, Task>? prepared = null, bool withBystander = true, EngineOptions? options = null, int stride = 1)
    {
        Assert.SkipUnless(Engine.IsStrake, "the fault points are Strake's");
        await using var engine = await Engine.StartAsync(options);
        if (prepared is null) await engine.Docker.OkAsync("load", "-qi", s_archive);
        else await prepared(engine);
        var bystander = engine.NewContainer();
        if (withBystander) await engine.Docker.OkAsync("run", "-d", "-i", "--name", bystander, "--network", "none", "busybox", "cat");
        var (arm, log) = (engine.NewPath(), engine.NewPath());
        var killed = 0;
        for (var point = 1; ; point += point < FirstPoints ? stride : s_longStride)
        {
            Assert.InRange(point, 1, 500);
            await before(engine);
            await engine.StopAsync();
            await engine.LaunchAsync(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["STRAKE_FAULT"] = "#" + point.ToString(CultureInfo.InvariantCulture),
                ["STRAKE_FAULT_ARM"] = arm,
                ["STRAKE_FAULT_LOG"] = log,
            });
            await File.WriteAllTextAsync(arm, "", TestContext.Current.CancellationToken);
            var result = await operation(engine);
            File.Delete(arm);
            if (!File.Exists(log))
            {
                result.Ok();
                await engine.KillAsync();   // This daemon still counts: the next thing that it writes would be its end.
                await engine.LaunchAsync();
                break;
            }
            var place = $"point {point}, {(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Trim()}";
            File.Delete(log);
            await engine.DaemonEndsAsync();
            killed++;
            await AfterKillAsync(engine, withBystander ? bystander : null, place, repeated ?? operation, after);
        }
        Assert.True(killed > 0, "the operation reaches no fault point");
        await after(engine);
        (await engine.FsckAsync()).Ok();
    }

    static async Task AfterKillAsync(
        Engine engine, string? bystander, string place, Func<Engine, Task<CommandResult>> repeated, Func<Engine, Task> after)
    {
        await engine.LaunchAsync();
        var check = await engine.FsckAsync();
        Assert.True(check.Code == 0 && check.Output.Contains("0 findings", StringComparison.Ordinal), $"killed at {place}: {check}");
        if (bystander is not null)
        {
            var answer = await engine.AnswerAsync(bystander, "alive");
            Assert.True(answer == "alive", $"killed at {place}: the container that runs beside it answers {answer ?? "nothing"}");
        }
        var again = await repeated(engine);
        // An operation that had taken effect before the kill is refused as already done: its effect is what counts.
        var done = again.Code == 0 || again.Error.Contains("already in use", StringComparison.Ordinal) || again.Error.Contains("No such container", StringComparison.Ordinal);
        Assert.True(done, $"repeated after a kill at {place}: {again}");
        await after(engine);
        var mounts = Leftovers.MountsBelow(engine.DataRoot);
        var running = (await engine.Docker.RunAsync("ps", "-q")).Lines.Length;
        Assert.True(mounts.Count <= running, $"killed at {place}: mounts without a container: {string.Join(", ", mounts)}");
    }
}
