using System.Text;
using Strake.Build.Tests.Remote;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Building;

/// <summary>What builds take from the network: files of ADD, git repositories, whole contexts. The servers are on loopback.</summary>
public sealed class RemoteTests(LoadedEngine loaded) : EngineTests(loaded), IAsyncLifetime
{
    readonly WebServer _server = new();

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_file_of_a_server_is_roots_alone_and_of_the_servers_time()
    {
        _server.Serve = static _ => WebServer.Answer.Of("from afar\n", "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT");
        await BuiltAsync($"FROM busybox\nADD {_server.Address}/dir/a.txt /t/\nADD {_server.Address}/b.txt?x=1 /named\nADD --chown=5:6 --chmod=751 {_server.Address}/c /t/\n", "afar");
        Assert.Equal(
            "600 0:0 1700000000 /t/a.txt\n600 0:0 1700000000 /named\n751 5:6 1700000000 /t/c\nfrom afar",
            await Docker.OkAsync("run", "--rm", "--network", "none", "afar", "sh", "-c", "stat -c '%a %u:%g %Y %n' /t/a.txt /named /t/c; cat /t/c"));
        Assert.Contains($"ADD --chown=5:6 --chmod=751 {_server.Address}/c /t/ # ", await Docker.OkAsync("history", "--no-trunc", "--format", "{{.CreatedBy}}", "afar"), StringComparison.Ordinal);
        await Docker.OkAsync("rmi", "afar");
    }

    [Fact]
    public async Task What_is_still_the_same_there_is_not_made_again()
    {
        var dockerfile = $"FROM busybox\nADD {_server.Address}/f /f\nRUN cat /f\n";
        _server.Serve = static _ => WebServer.Answer.Of("one", "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT");
        await BuiltAsync(dockerfile, "same");
        _server.Serve = static _ => WebServer.Answer.Of("one", "Last-Modified: Wed, 15 Nov 2023 22:13:20 GMT");
        if (Engine.IsStrake) Assert.Equal(2, Count(await BuiltAsync(dockerfile, "same"), "Using cache"));
        _server.Serve = static _ => WebServer.Answer.Of("two");
        Assert.Equal(0, Count(await BuiltAsync(dockerfile, "same"), "Using cache"));
        Assert.Equal("two", await Docker.OkAsync("run", "--rm", "--network", "none", "same", "cat", "/f"));
        await Docker.OkAsync("rmi", "same");
    }

    [Fact]
    public async Task A_server_that_still_has_the_same_does_not_send_it_again()
    {
        StrakeOnly("its classic builder has it sent each time");
        var (tag, text, sent) = ("\"1\"", "tagged one", 0);
        _server.Serve = call =>
        {
            if (call["if-none-match"] == tag) return new WebServer.Answer(304, []);
            sent++;
            return WebServer.Answer.Of(text, "ETag: " + tag);
        };
        var dockerfile = $"FROM busybox\nADD {_server.Address}/f /f\n";
        await BuiltAsync(dockerfile, "tagged");
        Assert.Equal(1, Count(await BuiltAsync(dockerfile, "tagged"), "Using cache"));
        Assert.Equal(1, sent);

        // Another step wants its bytes.
        await BuiltAsync(dockerfile + $"ADD {_server.Address}/f /g\n", "tagged");
        Assert.Equal(2, sent);
        (tag, text) = ("\"2\"", "tagged two");
        Assert.Equal(0, Count(await BuiltAsync(dockerfile, "tagged"), "Using cache"));
        Assert.Equal("tagged two", await Docker.OkAsync("run", "--rm", "--network", "none", "tagged", "cat", "/f"));
        Assert.Equal(3, sent);
        await Docker.OkAsync("builder", "prune", "-af");
        await BuiltAsync(dockerfile, "tagged");
        Assert.Equal(4, sent);
        await Docker.OkAsync("rmi", "tagged");
    }

    [Fact]
    public async Task A_daemon_that_is_killed_while_it_fetches_leaves_nothing()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is killed");
        foreach (var name in (string[])["f", "r.git"])
        {
            var go = new TaskCompletionSource();
            await RepositoryAsync();
            var files = _server.Serve;
            _server.Serve = call =>
            {
                var answer = call.Path == "/f" ? WebServer.Answer.Of("f") : files(call);
                return IsHeld(call) ? answer with { Go = go.Task } : answer;
            };
            var folder = Context($"FROM busybox\nADD {_server.Address}/{name} /x\n");
            _server.Calls.Clear();
            var building = Docker.RunAsync("build", "-t", "killed", folder.Here);
            await Until.TrueAsync(() => _server.Calls.Any(IsHeld), "it is fetched");
            await Engine.KillAsync();
            await building;
            await Engine.LaunchAsync();
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Engine.DataRoot, "build", "git")));
            Assert.Contains("0 findings", (await Engine.FsckAsync()).Ok(), StringComparison.Ordinal);
            go.SetResult();
            await Docker.OkAsync("build", "-t", "killed", folder.Here);
            await Docker.OkAsync("rmi", "killed");
        }

        // The repository stops in the middle: its names are told, its objects are not.
        static bool IsHeld(WebServer.Call call) => call.Path == "/f" || call.Path.Contains("/objects/", StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_checksum_a_server_is_asked_once()
    {
        StrakeOnly("its classic builder has no checksums");
        _server.Serve = static _ => WebServer.Answer.Of("content");
        var dockerfile = $"FROM busybox\nARG SUM={Sha256("content")}\nADD --checksum=$SUM {_server.Address}/f /f\n";
        await BuiltAsync(dockerfile, "summed");
        Assert.Single(_server.Calls);
        Assert.Equal(1, Count(await BuiltAsync(dockerfile, "summed"), "Using cache"));
        Assert.Single(_server.Calls);
        await Docker.OkAsync("rmi", "summed");
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_with_its_place_and_leaves_nothing()
    {
        StrakeOnly("its classic builder has no checksums");
        await Docker.OkAsync("builder", "prune", "-af");
        _server.Serve = static _ => WebServer.Answer.Of("content");
        var said = await RefusedAsync($"FROM busybox\n\nADD --checksum={Sha256("other")} {_server.Address}/f /f\n");
        Assert.Contains("Dockerfile:3: ADD digest mismatch for ", said, StringComparison.Ordinal);
        Assert.Contains(Sha256("content"), said, StringComparison.Ordinal);
        Assert.Contains(Sha256("other"), said, StringComparison.Ordinal);
        Assert.Contains("0B", await Docker.OkAsync("system", "df", "--format", "{{.Type}} {{.Size}}"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Engine.DataRoot, "build", "context")));
    }

    [Theory]
    [InlineData("--checksum=sha256:abc {0}/f", "invalid checksum")]
    [InlineData("--checksum={1} {0}/f {0}/g", "checksum can't be specified for multiple sources")]
    [InlineData("--checksum={1} Dockerfile", "checksum requires HTTP(S) or Git sources")]
    [InlineData("{0}/missing", "invalid response status 404")]
    [InlineData("http://127.0.0.1:1/refused", "127.0.0.1:1")]
    [InlineData("https://example.org/r.git#--upload-pack=x", "invalid git reference")]
    public async Task What_cannot_be_had_is_refused(string sources, string message)
    {
        StrakeOnly("its classic builder knows none of this");
        var words = string.Format(System.Globalization.CultureInfo.InvariantCulture, sources, _server.Address, Sha256("x"));
        Assert.Contains(message, await RefusedAsync($"FROM busybox\nADD {words} /t/\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task COPY_takes_nothing_from_the_network()
    {
        Assert.Contains("source can't be a URL for COPY", await RefusedAsync($"FROM busybox\nCOPY {_server.Address}/f /f\n"), StringComparison.Ordinal);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task Archives_of_servers_are_unpacked_only_where_that_is_said()
    {
        StrakeOnly("its classic builder cannot");
        var tar = Engine.NewPath();
        (await Command.RunAsync("sh", ["-c", $"cd '{Engine.NewFolder().Here}' && echo inside > in && tar -czf '{tar}' in"])).Ok();
        _server.Serve = _ => new WebServer.Answer(200, File.ReadAllBytes(tar));
        await BuiltAsync($"FROM busybox\nADD {_server.Address}/a.tgz /whole/\nADD --unpack {_server.Address}/a.tgz /unpacked/\nADD --unpack=false {_server.Address}/a.tgz /kept/\n", "unpacked");
        Assert.Equal("/kept/a.tgz\n/unpacked/in\n/whole/a.tgz", await Docker.OkAsync("run", "--rm", "--network", "none", "unpacked", "sh", "-c", "find /whole /unpacked /kept -type f | sort"));
        await Docker.OkAsync("rmi", "unpacked");
    }

    [Fact]
    public async Task Sources_of_all_kinds_go_together_and_the_last_one_counts()
    {
        StrakeOnly("its classic builder cannot");
        var folder = Context($"FROM busybox\nADD same {_server.Address}/same near /t/\n");
        folder.Write("same", "near\n");
        folder.Write("near", "near\n");
        _server.Serve = static _ => WebServer.Answer.Of("far\n");
        await BuiltAsync(folder, "mixed");
        Assert.Equal("near\nfar", await Docker.OkAsync("run", "--rm", "--network", "none", "mixed", "cat", "/t/near", "/t/same"));
        await Docker.OkAsync("rmi", "mixed");
    }

    [Fact]
    public async Task A_client_that_goes_ends_what_is_fetched_for_it()
    {
        _server.Serve = static _ => WebServer.Answer.Of("x") with { Go = new TaskCompletionSource().Task };
        var folder = Context($"FROM busybox\nADD {_server.Address}/f /f\n");
        using var client = Command.Start("docker", ["build", folder.Here], Docker.Environment);
        await Until.TrueAsync(() => !_server.Calls.IsEmpty, "the server is asked");
        client.Kill();
        await _server.Gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_what_is_fetched()
    {
        StrakeOnly("its process is another");
        _server.Serve = static _ => new WebServer.Answer(200, new byte[1 << 20]) { LengthBytes = 600L << 20 };
        await BuiltAsync($"FROM busybox\nADD {_server.Address}/f /f\n", "large");
        Assert.InRange(Engine.PeakMemory(), 0, 256L << 20);
        await Docker.OkAsync("rmi", "large");
        await Docker.OkAsync("builder", "prune", "-af");
    }

    [Fact]
    public async Task More_than_the_daemons_limit_is_not_fetched()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with settings of its own");
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--build-fetch-limit", "1M"] });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        _server.Serve = static _ => new WebServer.Answer(200, new byte[1 << 20]) { LengthBytes = (1 << 20) + 1 };
        var built = await engine.Docker.RunAsync(["build", "-"], Encoding.UTF8.GetBytes($"FROM busybox\nADD {_server.Address}/f /f\n"));
        Assert.Contains("--build-fetch-limit", built.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_comes_by_ADD_and_is_fetched_again_when_its_branch_moves()
    {
        StrakeOnly("its classic builder cannot");
        var repository = await RepositoryAsync();
        var dockerfile = $"FROM busybox\nADD {_server.Address}/r.git#main /all\nADD --keep-git-dir=true --chown=7 {_server.Address}/r.git /kept\nADD {_server.Address}/r.git#main:src /part/\n";
        await BuiltAsync(dockerfile, "repository");
        Assert.Equal(
            "644 0:0 /all/file\n755 7:7 /kept/.git\n644 0:0 /part/deep\nfirst",
            await Docker.OkAsync("run", "--rm", "--network", "none", "repository", "sh", "-c", "ls -d /all/.git 2>/dev/null; stat -c '%a %u:%g %n' /all/file /kept/.git /part/deep; cat /all/file"));
        Assert.Equal(3, Count(await BuiltAsync(dockerfile, "repository"), "Using cache"));
        await CommitAsync(repository, "second");
        Assert.Equal(0, Count(await BuiltAsync(dockerfile, "repository"), "Using cache"));
        Assert.Equal("second", await Docker.OkAsync("run", "--rm", "--network", "none", "repository", "cat", "/all/file"));
        var said = await RefusedAsync($"FROM busybox\nADD --checksum={new string('0', 40)} {_server.Address}/r.git /r\n");
        Assert.Contains("Dockerfile:2: ADD", said, StringComparison.Ordinal);
        Assert.Contains("expected checksum to match", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Engine.DataRoot, "build", "git")));
        await Docker.OkAsync("rmi", "repository");
    }

    [Fact]
    public async Task Without_git_a_build_says_what_to_install()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started with an environment of its own");
        var folder = Directory.CreateTempSubdirectory("strake-test-path-").FullName;
        // All programs but one.
        (await Command.RunAsync("sh", ["-c", "IFS=:; for d in $PATH; do for p in \"$d\"/*; do n=${p##*/}; [ \"$n\" = git ] || ln -sf \"$p\" \"$0/$n\"; done; done", folder])).Ok();
        await using (var engine = await Engine.StartAsync(new EngineOptions { Environment = new Dictionary<string, string> { ["PATH"] = folder } }))
        {
            await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
            var built = await engine.Docker.RunAsync(["build", "-"], Encoding.UTF8.GetBytes($"FROM busybox\nADD {_server.Address}/r.git /r\n"));
            Assert.Contains("install the package git", built.Error, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Contexts_may_be_a_tar_a_Dockerfile_or_a_repository_elsewhere()
    {
        var tar = Engine.NewPath();
        (await Command.RunAsync("sh", ["-c", $"cd '{Engine.NewFolder().Here}' && mkdir sub && echo tar > f && printf 'FROM busybox\\nCOPY f /f\\n' > sub/D && tar -czf '{tar}' ."])).Ok();
        var repository = await RepositoryAsync();
        var files = _server.Serve;
        _server.Serve = call => call.Path switch
        {
            "/context.tgz" => new WebServer.Answer(200, File.ReadAllBytes(tar)) { Headers = ["Content-Type: application/x-tar"] },
            "/Dockerfile" => WebServer.Answer.Of("FROM busybox\nRUN echo dockerfile > /f\n", "Content-Type: text/plain"),
            "/binary" => new WebServer.Answer(200, [0x7f, .. "ELF"u8, 0]) { LengthBytes = 2 << 20 },
            _ => files(call),
        };
        Assert.Equal("tar", await RemoteAsync("context.tgz", "&dockerfile=sub/D"));
        Assert.Equal("dockerfile", await RemoteAsync("Dockerfile"));
        Assert.Equal("first", await RemoteAsync("r.git#main:src"));
        Assert.Contains("neither a tar nor a Dockerfile", (await PostAsync("binary")).Body, StringComparison.Ordinal);
        Assert.Contains("could not be recognized as URL", (await Engine.Http.PostAsync("/build?remote=nonsense")).Body, StringComparison.Ordinal);
        Directory.Delete(repository, recursive: true);
    }

    [Fact]
    public async Task Clients_with_buildx_name_contexts_elsewhere_too()
    {
        Assert.SkipWhen(TestSetting.Buildx is null, DockerCli.NoBuildx);
        var buildx = Docker.WithBuildx()!;
        var tar = Engine.NewPath();
        (await Command.RunAsync("sh", ["-c", $"cd '{Engine.NewFolder().Here}' && mkdir sub && echo tar > f && printf 'FROM busybox\\nCOPY f /f\\n' > sub/D && tar -czf '{tar}' ."])).Ok();
        var repository = await RepositoryAsync();
        var files = _server.Serve;
        _server.Serve = call => call.Path == "/context.tgz" ? new WebServer.Answer(200, File.ReadAllBytes(tar)) : files(call);
        await BuildAsync("tar", "-f", "sub/D", $"{_server.Address}/context.tgz");
        await BuildAsync("first", $"{_server.Address}/r.git#main:src");
        var folder = Context("FROM busybox\nCOPY --from=elsewhere src/deep /f\n");
        await BuildAsync("first", "--build-context", $"elsewhere={_server.Address}/r.git#main", folder.Here);
        await BuildAsync("tar", "-f", Path.Combine(Context("FROM busybox\nCOPY f /f\n").Here, "Dockerfile"), $"{_server.Address}/context.tgz");
        Directory.Delete(repository, recursive: true);

        async Task BuildAsync(string expected, params string[] arguments)
        {
            await buildx.OkAsync(["build", "-q", "--network", "none", "-t", "remote", .. arguments]);
            Assert.Equal(expected, await Docker.OkAsync("run", "--rm", "--network", "none", "remote", "cat", "/f"));
            await Docker.OkAsync("rmi", "remote");
        }
    }

    async Task<string> RemoteAsync(string path, string more = "")
    {
        var reply = await PostAsync(path, more);
        Assert.True(reply.Status == 200 && reply.Body.Contains("Successfully built", StringComparison.Ordinal), reply.Body);
        var said = await Docker.OkAsync("run", "--rm", "--network", "none", "remote", "cat", "/f");
        await Docker.OkAsync("rmi", "remote");
        return said;
    }

    Task<EngineReply> PostAsync(string path, string more = "") =>
        Engine.Http.PostAsync($"/build?t=remote&networkmode=none&remote={Uri.EscapeDataString($"{_server.Address}/{path}")}{more}");

    // A bare repository that is served as files, which git reads as well.
    async Task<string> RepositoryAsync()
    {
        var folder = Engine.NewFolder().Here;
        (await Command.RunAsync("sh", ["-ec", $"git init -q -b main '{folder}/work'; mkdir '{folder}/work/src'; printf 'FROM busybox\\nCOPY deep /f\\n' > '{folder}/work/src/Dockerfile'; git init -q --bare -b main '{folder}/r.git'"])).Ok();
        await CommitAsync(folder, "first");
        _server.Serve = WebServer.Files(folder);
        return folder;
    }

    static async Task CommitAsync(string folder, string text) => (await Command.RunAsync("sh", ["-ec", $"""
        cd '{folder}/work'; echo {text} > file; echo {text} > src/deep; git add -A
        git -c user.name=a -c user.email=a@example.org commit -q -m {text}; git push -q ../r.git main; git -C ../r.git update-server-info
        """])).Ok();

    static string Sha256(string text) => "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    SharedFolder Context(string dockerfile)
    {
        var folder = Engine.NewFolder();
        folder.Write("Dockerfile", dockerfile);
        return folder;
    }

    Task<string> BuiltAsync(string dockerfile, string name) => BuiltAsync(Context(dockerfile), name);

    Task<string> BuiltAsync(SharedFolder folder, string name) => Docker.OkAsync("build", "-t", name, "--network", "none", folder.Here);

    Task<string> RefusedAsync(string dockerfile) => Docker.RefusedAsync("build", "--network", "none", Context(dockerfile).Here);

    static int Count(string text, string part) => text.Split(part).Length - 1;
}
