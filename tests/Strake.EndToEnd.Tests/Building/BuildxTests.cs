using System.Text;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>`docker build` with the buildx plugin: what only BuildKit's protocol has.</summary>
public sealed class BuildxTests(LoadedEngine loaded) : EngineTests(loaded)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    DockerCli Buildx => Docker.WithBuildx() ?? throw new InvalidOperationException(DockerCli.NoBuildx);

    [Fact]
    public async Task A_secret_is_there_for_its_step_and_in_no_byte_of_what_stays()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var secret = "s3cr3t-" + Guid.NewGuid().ToString("N");
        var folder = Context("""
            FROM busybox
            RUN --mount=type=secret,id=token test "$(wc -c < /run/secrets/token)" -eq 39
            RUN --mount=type=secret,id=token,env=TOKEN test "${#TOKEN}" -eq 39 && echo done > /done
            RUN --mount=type=secret,id=token,target=/t,uid=5,gid=6,mode=0440 stat -c '%u %g %a' /t > /stat

            """);
        var file = Path.Combine(Engine.NewFolder().Here, "token");
        await File.WriteAllTextAsync(file, secret, Stop);
        await Buildx.OkAsync("build", "-q", "--network", "none", "--secret", "id=token,src=" + file, "-t", "secrets", folder.Here);
        Assert.Equal("5 6 440", await Docker.OkAsync("run", "--rm", "--network", "none", "secrets", "cat", "/stat"));
        Assert.DoesNotContain(secret, await Docker.OkAsync("history", "--no-trunc", "secrets"), StringComparison.Ordinal);
        if (Engine.IsStrake)
        {
            var found = await Command.RunAsync("grep", ["-r", "-l", "-a", "--devices=skip", "-F", secret, Engine.DataRoot, Engine.ExecRoot]);
            Assert.True(found.Code == 1, $"the secret is in {found.Output}");
        }

        // Another secret is no reason to do it again; that it is missing is told.
        await File.WriteAllTextAsync(file, "other", Stop);
        Assert.Equal(3, Count((await Buildx.RunAsync("build", "--progress=plain", "--network", "none", "--secret", "id=token,src=" + file, folder.Here)).Error, "CACHED") - 1);
        folder.Write("Dockerfile", "FROM busybox\nRUN --mount=type=secret,id=nobody,required=true true\n");
        Assert.Contains("secret nobody: not found", (await Buildx.RunAsync("build", "--network", "none", folder.Here)).Error, StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "secrets");
    }

    [Fact]
    public async Task An_agent_is_there_for_its_step_and_no_longer()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        await Docker.OkAsync("load", "-qi", TestSetting.Image("debian.docker.tar"));
        await using var agent = new KeyAgent("the-agents-only-key");
        // SSH_AGENTC_REQUEST_IDENTITIES is 11, its answer 12 (draft-ietf-sshm-ssh-agent, 3.6).
        var folder = Context("""
            FROM debian:12
            RUN --mount=type=ssh perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new($ENV{SSH_AUTH_SOCK}) or die $!; print $s pack("NC", 1, 11); read $s, my $l, 4; read $s, my $a, unpack("N", $l); print STDERR "answer ", ord($a), " with $1\n" if $a =~ /(the-[a-z-]+key)/' 2>/answer
            RUN test -z "$SSH_AUTH_SOCK" && test ! -e /run/buildkit

            """);
        await Buildx.OkAsync("build", "-q", "--network", "none", "--ssh", "default=" + agent.Path, "-t", "agents", folder.Here);
        Assert.Equal("answer 12 with the-agents-only-key", await Docker.OkAsync("run", "--rm", "--network", "none", "agents", "cat", "/answer"));
        var without = await Buildx.RunAsync("build", "--no-cache", "--network", "none", folder.Here);
        Assert.NotEqual(0, without.Code);
        await Docker.OkAsync("rmi", "agents", "debian:12");
    }

    [Fact]
    public async Task Only_files_that_changed_travel()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM scratch\nCOPY . /\n");
        folder.Write("large", new string('x', 300_000));
        folder.Write("ignored", new string('y', 300_000));
        folder.Write(".dockerignore", "ignored\n");
        Assert.True(Transferred(await PlainAsync(folder)) > 300_000);
        folder.Write("small", "changed");
        Assert.InRange(Transferred(await PlainAsync(folder)), 1, 10_000);
    }

    [Fact]
    public async Task Only_what_the_Dockerfile_names_travels()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM scratch\nCOPY wanted /\n");
        folder.Write("wanted", "w");
        folder.Write("unwanted", new string('x', 300_000));
        Assert.InRange(Transferred(await PlainAsync(folder)), 1, 10_000);
    }

    [Fact]
    public async Task Contexts_have_names_and_stand_for_stages_images_and_directories()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("""
            FROM files AS whole
            FROM busybox AS made
            COPY --from=files named /copied
            RUN --mount=from=files,target=/m cat /m/named > /mounted
            COPY --from=whole named /staged
            FROM elsewhere
            COPY --from=made /copied /mounted /staged /

            """);
        var other = Engine.NewFolder();
        other.Write("named", "from the context\n");
        await Buildx.OkAsync(
            "build", "-q", "--network", "none", "--build-context", "files=" + other.Here, "--build-context", "elsewhere=docker-image://busybox", "-t", "contexts", folder.Here);
        Assert.Equal("from the context\nfrom the context\nfrom the context", await Docker.OkAsync("run", "--rm", "--network", "none", "contexts", "cat", "/copied", "/mounted", "/staged"));
        await Docker.OkAsync("rmi", "contexts");
    }

    [Fact]
    public async Task A_result_leaves_as_files_and_archives()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM busybox AS b\nRUN mkdir -p /d/e && echo hello > /d/f && ln -s f /d/l && chmod 750 /d/e\nFROM scratch\nCOPY --from=b /d /d\n");
        var target = Engine.NewFolder().Here;
        var files = Path.Combine(target, "files");
        var tar = Path.Combine(target, "files.tar");
        var archive = Path.Combine(target, "image.tar");
        await Buildx.OkAsync("build", "-q", "--network", "none", "-o", files, folder.Here);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(files, "d", "f"), Stop));
        Assert.Equal("f", new FileInfo(Path.Combine(files, "d", "l")).LinkTarget);
        await Buildx.OkAsync("build", "-q", "--network", "none", "-o", "type=tar,dest=" + tar, folder.Here);
        Assert.Contains("drwxr-x--- 0/0", (await Command.RunAsync("tar", ["-tvf", tar])).Ok(), StringComparison.Ordinal);
        await Buildx.OkAsync("build", "-q", "--network", "none", "-t", "left:1", "-o", "type=docker,dest=" + archive, folder.Here);
        Assert.DoesNotContain("left", await Docker.OkAsync("images"), StringComparison.Ordinal);
        Assert.Contains("left:1", await Docker.OkAsync("load", "-i", archive), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "left:1");
    }

    [Fact]
    public async Task A_Dockerfile_and_a_context_come_by_standard_input()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var alone = await Buildx.RunAsync(["build", "-q", "-"], Encoding.UTF8.GetBytes("FROM busybox\nENV ALONE=1\n"));
        Assert.Contains("ALONE=1", await Docker.ValueAsync(alone.Ok().Trim(), "{{.Config.Env}}"), StringComparison.Ordinal);
        var folder = Context("FROM scratch\nCOPY f /\n");
        folder.Write("f", "x");
        var tar = Path.Combine(Engine.NewFolder().Here, "context.tar");
        (await Command.RunAsync("tar", ["-C", folder.Here, "-czf", tar, "."])).Ok();
        Assert.StartsWith("sha256:", (await Buildx.RunAsync(["build", "-q", "-"], await File.ReadAllBytesAsync(tar, Stop))).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_is_shown_with_its_lines()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM busybox\nRUN echo before && \\\n    exit 7\n");
        var failed = await Buildx.RunAsync("build", "--progress=plain", "--network", "none", folder.Here);
        Assert.Equal(1, failed.Code);
        Assert.Contains("2 | >>> RUN echo before && \\", failed.Error, StringComparison.Ordinal);
        Assert.Contains("did not complete successfully: exit code: 7", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_are_answered_without_a_build()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("ARG A=1\nFROM busybox AS one\nFROM one AS two\nARG B\nCMD echo hi\n");
        var check = await Buildx.RunAsync("build", "--check", folder.Here);
        Assert.Contains("JSONArgsRecommended", check.Output + check.Error, StringComparison.Ordinal);
        Assert.Contains("two (default)", await Buildx.OkAsync("build", "--call=targets", folder.Here), StringComparison.Ordinal);
        Assert.Contains("B", await Buildx.OkAsync("build", "--call=outline", folder.Here), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cache_is_listed_and_pruned()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM busybox\nRUN --mount=type=cache,id=listed,target=/c echo x > /c/f && date > /when\n");
        await Buildx.OkAsync("build", "-q", "--network", "none", folder.Here);
        Assert.Contains("exec.cachemount", await Buildx.OkAsync("buildx", "du", "--verbose"), StringComparison.Ordinal);
        Assert.Contains("Total", await Buildx.OkAsync("builder", "prune", "-af", "--filter", "type=exec.cachemount"), StringComparison.Ordinal);
        Assert.DoesNotContain("exec.cachemount", await Buildx.OkAsync("buildx", "du", "--verbose"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_takes_its_build_with_it()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM busybox\nRUN echo be''gun; sleep 1000\n");
        using var client = Command.Start("docker", ["build", "--progress=plain", "--network", "none", folder.Here], Buildx.Environment);
        while (await client.StandardError.ReadLineAsync(Stop).AsTask().WaitAsync(s_patience, TimeProvider.System, Stop) is { } line && !line.EndsWith("begun", StringComparison.Ordinal))
        {
            // Until the program runs.
        }

        client.Kill();
        await client.WaitForExitAsync(Stop).WaitAsync(s_patience, TimeProvider.System, Stop);
        if (!Engine.IsStrake) return;
        await Until.TrueAsync(() => !Directory.EnumerateDirectories(Path.Combine(Engine.DataRoot, "containers")).Any(), "the step's container is gone");
        await Until.TrueAsync(async () => (await Engine.FsckAsync()).Ok().Contains("0 findings", StringComparison.Ordinal), "nothing is left");
    }

    [Fact]
    public async Task Targets_of_bake_share_a_directory()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM busybox AS base\nCOPY f /f\nFROM base AS one\nLABEL target=one\nFROM base AS two\nLABEL target=two\n");
        folder.Write("f", "shared");
        folder.Write("docker-bake.json", $$"""
            {
              "group": { "default": { "targets": ["one", "two"] } },
              "target": {
                "one": { "context": "{{folder.Here}}", "target": "one", "tags": ["baked:one"] },
                "two": { "context": "{{folder.Here}}", "target": "two", "tags": ["baked:two"] }
              }
            }
            """);
        await Buildx.OkAsync("buildx", "bake", "--allow=fs.read=*", "-f", Path.Combine(folder.Here, "docker-bake.json"));
        foreach (var target in (string[])["one", "two"])
        {
            Assert.Equal(target, await Docker.ValueAsync("baked:" + target, "{{.Config.Labels.target}}"));
            Assert.Equal("shared", await Docker.OkAsync("run", "--rm", "--network", "none", "baked:" + target, "cat", "/f"));
        }

        await Docker.OkAsync("rmi", "baked:one", "baked:two");
    }

    [Fact]
    public async Task With_a_time_of_the_source_builds_are_bit_for_bit_the_same()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var folder = Context("FROM busybox\nRUN echo x > /made\nCOPY f /f\nENTRYPOINT [\"cat\", \"/f\"]\n");
        folder.Write("f", "x");
        string[] build = ["build", "-q", "--no-cache", "--network", "none", "--build-arg", "SOURCE_DATE_EPOCH=1000000000", folder.Here];
        var first = await Buildx.OkAsync(build);
        folder.Write("f", "x");
        Assert.Equal(first, await Buildx.OkAsync(build));
        Assert.Equal("2001-09-09T01:46:40Z", await Docker.ValueAsync(first, "{{.Created}}"));
    }

    async Task<string> PlainAsync(SharedFolder folder)
    {
        var built = await Buildx.RunAsync("build", "--progress=plain", "--network", "none", folder.Here);
        Assert.True(built.Code == 0, built.ToString());
        return built.Error;
    }

    // "#4 transferring context: 300.52kB 0.0s done"
    static long Transferred(string shown)
    {
        var line = shown.Split('\n').Last(static line => line.Contains("transferring context:", StringComparison.Ordinal) && line.Contains('B', StringComparison.Ordinal));
        var word = line[(line.IndexOf("context:", StringComparison.Ordinal) + "context:".Length)..].Trim().Split(' ')[0];
        var number = double.Parse(word.TrimEnd('B', 'k', 'M'), System.Globalization.CultureInfo.InvariantCulture);
        return (long)(number * (word.EndsWith("kB", StringComparison.Ordinal) ? 1000 : word.EndsWith("MB", StringComparison.Ordinal) ? 1_000_000 : 1));
    }

    static int Count(string text, string what) => text.Split(what).Length - 1;

    SharedFolder Context(string dockerfile)
    {
        var folder = Engine.NewFolder();
        folder.Write("Dockerfile", dockerfile);
        return folder;
    }
}
