using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>`docker build` with what makes it more than a script: what is known is not done again, what is not needed is not done at all.</summary>
public sealed class BuildTests(LoadedEngine loaded) : EngineTests(loaded)
{
    // Base, packages of the distribution, packages of Python, source, entry point; what is installed comes from folders.
    const string Classic = """
        FROM debian:12
        RUN --mount=type=bind,source=packages,target=/packages apt-get install -qq --yes /packages/*.deb
        RUN --mount=type=bind,source=wheels,target=/wheels pip install --no-index --break-system-packages --find-links /wheels greeting
        COPY source /app
        ENTRYPOINT ["python3", "/app/main.py"]
        """;

    [Fact]
    public async Task Applications_that_begin_alike_share_layers_and_only_what_differs_is_built()
    {
        await Docker.OkAsync("load", "-qi", TestSetting.Image("debian.docker.tar"));
        var folder = await ClassicContextAsync();
        var first = await BuiltAsync(folder, "app:1");
        Assert.DoesNotContain("Using cache", first, StringComparison.Ordinal);
        var layers = await LayersAsync("app:1");
        Assert.Equal(4, layers.Count);
        Assert.Equal("hello from the first", await Docker.OkAsync("run", "--rm", "--network", "none", "app:1"));

        // The source alone has changed: what comes before is known.
        folder.Write("source/main.py", "import greeting\nprint(greeting.TEXT, 'the second')\n");
        var second = await BuiltAsync(folder, "app:2");
        Assert.Equal(2, Count(second, "Using cache"));
        var others = await LayersAsync("app:2");
        Assert.Equal(layers.Count, others.Count);
        Assert.Equal(layers.SkipLast(1), others.SkipLast(1));
        Assert.NotEqual(layers[^1], others[^1]);
        Assert.Equal("hello from the second", await Docker.OkAsync("run", "--rm", "--network", "none", "app:2"));

        // Another application with the same first steps.
        folder.Write("Dockerfile", string.Join('\n', Classic.Split('\n')[..3]) + "\nCOPY source /other\nENTRYPOINT [\"python3\", \"/other/main.py\"]\n");
        Assert.Equal(2, Count(await BuiltAsync(folder, "other"), "Using cache"));
        Assert.Equal(layers.SkipLast(1), (await LayersAsync("other")).SkipLast(1));
        Assert.Equal("hello from the second", await Docker.OkAsync("run", "--rm", "--network", "none", "other"));
        var history = await Docker.OkAsync("history", "--no-trunc", "--format", "{{.Size}} {{.CreatedBy}}", "app:1");
        Assert.Contains("0B ENTRYPOINT [\"python3\" \"/app/main.py\"]", history, StringComparison.Ordinal);
        Assert.Contains("50B COPY source /app", history, StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "app:1", "app:2", "other");
    }

    [Fact]
    public async Task What_is_built_again_of_the_same_is_the_same_image_also_after_a_restart()
    {
        var folder = Context("FROM busybox\nRUN date > /when\nCOPY f /f\nENV A=1\nRUN true\n");
        folder.Write("f", "x");
        await BuiltAsync(folder, "again");
        var id = await Docker.ValueAsync("again", "{{.Id}}");
        File.SetLastWriteTimeUtc(Path.Combine(folder.Here, "f"), DateTime.UnixEpoch);
        Assert.Equal(3, Count(await BuiltAsync(folder, "again"), "Using cache"));
        Assert.Equal(id, await Docker.ValueAsync("again", "{{.Id}}"));
        if (Engine.IsStrake)
        {
            await Engine.StopAsync();
            await Engine.LaunchAsync();
        }

        await BuiltAsync(folder, "again:2");
        Assert.Equal(id, await Docker.ValueAsync("again:2", "{{.Id}}"));
        Assert.DoesNotContain("Using cache", await BuiltAsync(folder, "again:3", "--no-cache"), StringComparison.Ordinal);
        Assert.NotEqual(id, await Docker.ValueAsync("again:3", "{{.Id}}"));
        await Docker.OkAsync("rmi", "again", "again:2", "again:3");
    }

    [Theory]
    [InlineData("mode", "chmod 600 f")]
    [InlineData("content", "echo other > f")]
    [InlineData("name", "mv f g")]
    [InlineData("kind", "rm f; ln -s x f")]
    public async Task A_copy_is_made_again_when_a_file_has_another(string what, string change)
    {
        var folder = Context("FROM busybox\nCOPY dir /dir\n");
        Directory.CreateDirectory(Path.Combine(folder.Here, "dir"));
        folder.Write("dir/f", "x");
        await BuiltAsync(folder, "copied-" + what);
        (await Command.RunAsync("sh", ["-c", $"cd '{folder.Here}/dir' && {change}"])).Ok();
        Assert.DoesNotContain("Using cache", await BuiltAsync(folder, "copied-" + what), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "copied-" + what);
    }

    [Fact]
    public async Task Stages_that_do_not_need_one_another_are_built_at_once()
    {
        // Each waits for the other, by a directory that both mount.
        StrakeOnly("its classic builder takes one stage after the other");
        const string meet = "--mount=type=cache,target=/meet,id=meet sh -c 'touch /meet/$0; n=0; until [ -e /meet/$1 ]; do n=$((n+1)); [ $n -lt 300 ] || exit 1; sleep 0.1; done; echo met > /$0'";
        var folder = Context($"FROM busybox AS a\nRUN {meet} a b\nFROM busybox AS b\nRUN {meet} b a\nFROM busybox\nCOPY --from=a /a /\nCOPY --from=b /b /\n");
        await BuiltAsync(folder, "parallel");
        Assert.Equal("met\nmet", await Docker.OkAsync("run", "--rm", "--network", "none", "parallel", "cat", "/a", "/b"));
        await Docker.OkAsync("rmi", "parallel");
    }

    [Fact]
    public async Task Builds_at_once_share_their_steps()
    {
        StrakeOnly("its classic builder does not");
        var folder = Context("FROM busybox\nRUN --mount=type=cache,target=/count,id=shared-count echo run >> /count/runs; sleep 1; cp /count/runs /runs\n");
        var builds = Enumerable.Range(0, 4).Select(n => BuiltAsync(folder, $"shared:{n}")).ToList();
        await Task.WhenAll(builds);
        Assert.Equal("run", await Docker.OkAsync("run", "--rm", "--network", "none", "shared:3", "cat", "/runs"));
        foreach (var n in (int[])[0, 1, 2, 3]) await Docker.OkAsync("rmi", $"shared:{n}");
    }

    [Fact]
    public async Task A_time_that_is_set_makes_the_same_image_of_the_same_anywhere()
    {
        StrakeOnly("its classic builder does not know it");
        var folder = Context("FROM busybox\nWORKDIR /made\nCOPY f /made/\nRUN echo x > /made/g && mkdir /made/d\n");
        folder.Write("f", "x");
        string[] epoch = ["--build-arg", "SOURCE_DATE_EPOCH=1700000000"];
        await BuiltAsync(folder, "epoch:1", epoch);
        await BuiltAsync(folder, "epoch:2", [.. epoch, "--no-cache"]);
        Assert.Equal(await Docker.ValueAsync("epoch:1", "{{.Id}}"), await Docker.ValueAsync("epoch:2", "{{.Id}}"));
        Assert.Equal("2023-11-14T22:13:20Z", await Docker.ValueAsync("epoch:1", "{{.Created}}"));
        await Docker.OkAsync("rmi", "epoch:1", "epoch:2");
    }

    [Fact]
    public async Task Steps_of_an_image_are_known_where_it_is_named()
    {
        StrakeOnly("what an image says of its steps is its own");
        var folder = Context("FROM busybox\nRUN date +%N > /when\nRUN true\nLABEL a=1\n");
        await BuiltAsync(folder, "known");
        var archive = Engine.NewPath();
        await Docker.OkAsync("save", "-o", archive, "known");
        var when = await Docker.OkAsync("run", "--rm", "--network", "none", "known", "cat", "/when");
        await Docker.OkAsync("rmi", "known");
        await Docker.OkAsync("builder", "prune", "-af");
        await Docker.OkAsync("load", "-qi", archive);
        Assert.Equal(2, Count(await BuiltAsync(folder, "known:again", "--cache-from", "known"), "Using cache"));
        Assert.Equal(when, await Docker.OkAsync("run", "--rm", "--network", "none", "known:again", "cat", "/when"));
        await Docker.OkAsync("rmi", "known", "known:again");
    }

    [Fact]
    public async Task What_builds_leave_is_listed_counted_and_pruned()
    {
        var folder = Context("FROM busybox\nRUN --mount=type=cache,target=/c head -c 3000000 /dev/zero > /c/zeros\nRUN head -c 2000000 /dev/zero > /zeros\n");
        await BuiltAsync(folder, "left");
        await Docker.OkAsync("rmi", "left");
        if (Engine.IsStrake)
        {
            var listed = JsonNode.Parse((await Engine.Http.GetAsync("/v1.47/system/df?type=build-cache")).Body)!["BuildCache"]!.AsArray();
            Assert.Contains(listed, static item => item!["Type"]!.ToString() == "exec.cachemount" && item["Size"]!.GetValue<long>() >= 3_000_000);
            Assert.Contains(listed, static item => item!["Type"]!.ToString() == "regular" && item["Size"]!.GetValue<long>() == 2_000_000);
        }

        Assert.Contains("Total reclaimed space: ", await Docker.OkAsync("builder", "prune", "-af"), StringComparison.Ordinal);
        Assert.Contains("0B", await Docker.OkAsync("system", "df", "--format", "{{.Type}} {{.Size}}"), StringComparison.Ordinal);
        if (Engine.IsStrake) Assert.Empty(JsonNode.Parse((await Engine.Http.GetAsync("/v1.47/system/df?type=build-cache")).Body)!["BuildCache"]!.AsArray());
    }

    [Fact]
    public async Task What_builds_leave_is_never_more_than_they_may()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with settings of its own");
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--build-cache-limit", "5M"] });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var steps = string.Concat(Enumerable.Range(0, 5).Select(static n => $"RUN head -c 2000000 /dev/zero > /f{n}\n"));
        (await engine.Docker.RunAsync(["build", "--network", "none", "-t", "limited", "-"], System.Text.Encoding.UTF8.GetBytes("FROM busybox\n" + steps))).Ok();
        await engine.Docker.OkAsync("rmi", "limited");
        var left = JsonNode.Parse((await engine.Http.GetAsync("/v1.47/system/df?type=build-cache")).Body)!["BuildCache"]!.AsArray().Sum(static item => item!["Size"]!.GetValue<long>());
        Assert.InRange(left, 1, 5 << 20);
    }

    [Fact]
    public async Task The_context_may_be_a_tar_of_any_compression_and_the_Dockerfile_anywhere()
    {
        var folder = Context("FROM scratch\n");
        Directory.CreateDirectory(Path.Combine(folder.Here, "sub"));
        folder.Write("sub/Other.dockerfile", "FROM busybox\nCOPY f /f\n");
        folder.Write("f", "in a tar\n");
        foreach (var compression in (string[])["cat", "gzip", "xz", "zstd", "bzip2"])
        {
            var tar = Engine.NewPath();
            (await Command.RunAsync("sh", ["-c", $"tar -C '{folder.Here}' -c . | {compression} > '{tar}'"])).Ok();
            (await Engine.ShellAsync($"docker build -qt tarred -f sub/Other.dockerfile - < '{tar}'")).Ok();
            Assert.Equal("in a tar", await Docker.OkAsync("run", "--rm", "--network", "none", "tarred", "cat", "/f"));
            await Docker.OkAsync("rmi", "tarred");
        }

        // The Dockerfile alone.
        (await Docker.RunAsync(["build", "-qt", "alone", "-"], "FROM busybox\nLABEL x=y\n"u8.ToArray())).Ok();
        Assert.Equal("y", await Docker.ValueAsync("alone", "{{.Config.Labels.x}}"));
        await Docker.OkAsync("rmi", "alone");
    }

    [Fact]
    public async Task A_client_that_goes_takes_its_build_with_it()
    {
        var folder = Context("FROM busybox\nRUN echo begun; sleep 1000\n");
        using var client = Command.Start("docker", ["build", "--network", "none", folder.Here], Docker.Environment);
        while (await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken) is { } line && line != "begun")
        {
            // Until the program runs.
        }

        client.Kill();
        await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        if (!Engine.IsStrake) return;
        await Until.TrueAsync(() => !Directory.EnumerateDirectories(Path.Combine(Engine.DataRoot, "containers")).Any(), "the step's container is gone");
        await Until.TrueAsync(async () => (await Engine.FsckAsync()).Ok().Contains("0 findings", StringComparison.Ordinal), "nothing is left");
    }

    [Fact]
    public async Task A_program_that_fails_is_named_and_its_code_is_the_clients()
    {
        var folder = Context("FROM busybox\nRUN echo said; echo warned >&2; exit 42\n");
        var built = await Docker.RunAsync("build", "--network", "none", folder.Here);
        Assert.Equal(42, built.Code);
        Assert.Contains("said", built.Output, StringComparison.Ordinal);
        Assert.Contains("The command '/bin/sh -c echo said; echo warned >&2; exit 42' returned a non-zero code: 42", built.Error, StringComparison.Ordinal);
        Assert.Empty(await Docker.OkAsync("ps", "-aq"));
    }

    [Fact]
    public async Task Steps_are_not_containers_that_users_see()
    {
        StrakeOnly("its classic builder's are");
        var folder = Context("FROM busybox\nRUN --mount=type=cache,target=/c,id=seen touch /c/begun; n=0; until [ -e /c/go ]; do n=$((n+1)); [ $n -lt 300 ] || exit 1; sleep 0.1; done\n");
        var building = BuiltAsync(folder, "unseen");
        await Until.TrueAsync(() => CacheFile("begun") is not null, "the step runs");
        Assert.Empty(await Docker.OkAsync("ps", "-aq"));
        Assert.Equal("0", await Docker.OkAsync("info", "--format", "{{.Containers}}"));
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(CacheFile("begun"))!, "go"), "", TestContext.Current.CancellationToken);
        await building;
        await Docker.OkAsync("rmi", "unseen");
    }

    string? CacheFile(string name) => Directory.Exists(Path.Combine(Engine.DataRoot, "build", "cache"))
        ? Directory.EnumerateFiles(Path.Combine(Engine.DataRoot, "build", "cache"), name, SearchOption.AllDirectories).FirstOrDefault()
        : null;

    SharedFolder Context(string dockerfile)
    {
        var folder = Engine.NewFolder();
        folder.Write("Dockerfile", dockerfile);
        return folder;
    }

    async Task<string> BuiltAsync(SharedFolder folder, string name, params string[] options) =>
        await Docker.OkAsync(["build", "-t", name, "--network", "none", .. options, folder.Here]);

    async Task<IReadOnlyList<string>> LayersAsync(string image) =>
        [.. (await Docker.InspectAsync(image, "image"))["RootFS"]!["Layers"]!.AsArray().Select(static layer => layer!.ToString())];

    // A package and a library that are made here, as nothing can be fetched.
    async Task<SharedFolder> ClassicContextAsync()
    {
        var folder = Context(Classic);
        (await Command.RunAsync("sh", ["-c", $$"""
            set -e; cd '{{folder.Here}}'
            cp -r '{{TestSetting.Image("packages")}}' packages; mkdir wheels source
            python3 -c "
            import zipfile
            with zipfile.ZipFile('wheels/greeting-1.0-py3-none-any.whl', 'w') as wheel:
                info = 'greeting-1.0.dist-info/'
                wheel.writestr('greeting.py', 'TEXT = \'hello from\'\\n')
                wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: greeting\\nVersion: 1.0\\n')
                wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: none\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
                wheel.writestr(info + 'RECORD', ''.join(name + ',,\\n' for name in ('greeting.py', info + 'METADATA', info + 'WHEEL', info + 'RECORD')))
            "
            """])).Ok();
        folder.Write("source/main.py", "import greeting\nprint(greeting.TEXT, 'the first')\n");
        return folder;
    }

    static int Count(string text, string part) => text.Split(part).Length - 1;
}
