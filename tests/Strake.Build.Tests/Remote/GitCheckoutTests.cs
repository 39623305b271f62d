using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strake.Linux;

namespace Strake.Build.Tests.Remote;

/// <summary>Repositories on a server without git's own protocol (files behind HTTP), and on one with it (git's daemon).</summary>
public sealed class GitCheckoutTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("strake-test-").FullName;
    readonly WebServer _server = new();

    RemoteOptions _options = new() { Variable = static _ => null };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Work => Path.Combine(_folder, "work");

    string Served => Path.Combine(_folder, "served");

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["git", "packs", "work", "served"]) Directory.CreateDirectory(Path.Combine(_folder, name));
        _server.Serve = WebServer.Files(Served);
        await GitAsync("init", "-q", "-b", "main");
        await ShAsync("mkdir -p src/deep && echo one > file && echo deep > src/deep/file && echo run > run && chmod 755 run && ln -s file link && touch 'a*b'");
        await CommitAsync("first");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _server.DisposeAsync();
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "git"), "*", SearchOption.AllDirectories));
        }
        finally
        {
            TreeRemoval.Remove(_folder, CancellationToken.None);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repositorys_files_come_with_the_modes_that_git_knows(bool isSmart)
    {
        await using var daemon = isSmart ? await GitDaemon.StartAsync(Served) : null;
        await PublishAsync();
        using var tree = await FetchAsync((daemon?.Address ?? _server.Address) + "/r.git");
        Assert.Equal(["a*b", "file", "link", "run", "src"], tree.List("").Select(static file => file.Path));
        Assert.Equal((Permissions.Octal0644, 0, 0), (tree.Find("file")!.Entry.Mode, tree.Find("file")!.Entry.Uid, tree.Find("file")!.Entry.Gid));
        Assert.Equal(Permissions.Octal0755, tree.Find("run")!.Entry.Mode);
        Assert.Equal("file"u8, tree.Find("link")!.Entry.LinkName.Span);
        Assert.Equal("one\n", await TextAsync(tree, "file"));
    }

    [Fact]
    public async Task References_are_branches_tags_full_names_and_commits()
    {
        var first = await HeadAsync();
        await GitAsync("tag", "-a", "-m", "x", "v1");
        await GitAsync("checkout", "-q", "-b", "side/branch");
        await ShAsync("echo two > file");
        var second = await CommitAsync("second");
        await GitAsync("update-ref", "refs/pull/1/head", second);
        await GitAsync("checkout", "-q", "main");
        await PublishAsync();
        foreach (var (reference, commit) in (List<(string, string)>)[("", first), ("#main", first), ("#v1", first), ("#side/branch", second), ("#refs/heads/side/branch", second),
            ("#refs/pull/1/head", second), ("#heads/main", first), ($"#{first}", first), ($"#{second}", second), ("?branch=side/branch", second), ("?tag=v1", first)])
        {
            var source = GitSource.TryParse($"{_server.Address}/r.git{reference}")!;
            Assert.Equal(commit, await Checkout().ResolveAsync(source, Cancel));
            using var tree = await Checkout().FetchAsync(source, commit, Cancel);
            Assert.Equal(commit == first ? "one\n" : "two\n", await TextAsync(tree, "file"));
        }
    }

    [Fact]
    public async Task A_directory_alone_may_be_taken()
    {
        await PublishAsync();
        using var tree = await FetchAsync(_server.Address + "/r.git#main:src");
        Assert.Equal(["deep"], tree.List("").Select(static file => file.Path));
        Assert.Equal("deep\n", await TextAsync(tree, "deep/file"));
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync(_server.Address + "/r.git#main:none"));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public async Task A_directory_that_leads_out_of_the_repository_is_not_followed()
    {
        await ShAsync("ln -s / out");
        await CommitAsync("out");
        await PublishAsync();
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => FetchAsync(_server.Address + "/r.git#main:out/etc"))).Kind);
    }

    [Fact]
    public async Task Its_own_folder_comes_along_when_it_is_wanted()
    {
        await PublishAsync();
        using var tree = await FetchAsync(_server.Address + "/r.git?keep-git-dir=1");
        Assert.NotNull(tree.Find(".git/HEAD"));
        Assert.Empty(tree.List(".git/hooks"));
    }

    [Fact]
    public async Task A_commit_that_is_another_than_it_has_to_be_is_refused()
    {
        var commit = await HeadAsync();
        await PublishAsync();
        (await FetchAsync($"{_server.Address}/r.git?checksum={commit[..12]}")).Dispose();
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync($"{_server.Address}/r.git?checksum={new string('0', 40)}"));
        Assert.Contains(new string('0', 40), error.Message, StringComparison.Ordinal);
        Assert.Contains(commit, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await PublishAsync();
        Assert.Contains("does not contain ref nothing", (await Assert.ThrowsAsync<StrakeException>(() => FetchAsync(_server.Address + "/r.git#nothing"))).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<StrakeException>(() => FetchAsync(_server.Address + "/other.git"))).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submodules_come_along_unless_they_are_not_wanted(bool wanted)
    {
        await PublishAsync("sub.git");
        await ShAsync($"git -c protocol.allow=always submodule add -q {_server.Address}/sub.git sub");
        await CommitAsync("with a submodule");
        await PublishAsync();
        using var tree = await FetchAsync($"{_server.Address}/r.git?submodules={wanted}");
        Assert.Equal(wanted, tree.Find("sub/file") is not null);
        Assert.Null(tree.Find("sub/.git"));
    }

    [Theory]
    [InlineData("file://{0}/served/secret.git")]
    [InlineData("{0}/served/secret.git")]
    [InlineData("ext::sh -c 'touch {0}/touched'")]
    [InlineData("-u{0}")]
    public async Task Submodules_reach_nothing_of_this_host(string address)
    {
        await PublishAsync("secret.git");
        var there = string.Format(CultureInfo.InvariantCulture, address, _folder);
        await ShAsync($"printf '[submodule \"x\"]\\n\\tpath = x\\n\\turl = \"%s\"\\n' \"$1\" > .gitmodules && git add .gitmodules && git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),x", there);
        await GitAsync("commit", "-q", "-m", "hostile");
        await PublishAsync();
        try
        {
            using var tree = await FetchAsync(_server.Address + "/r.git");
            Assert.Null(tree.Find("x/file"));
        }
        catch (StrakeException e)
        {
            Assert.Equal(ErrorKind.Unavailable, e.Kind);
        }

        Assert.False(File.Exists(Path.Combine(_folder, "touched")));
    }

    [Fact]
    public async Task Hooks_filters_and_configuration_in_a_repository_are_not_run()
    {
        await ShAsync($"printf '* filter=x\\n' > .gitattributes; mkdir hooks; printf '#!/bin/sh\\ntouch {_folder}/touched\\n' > hooks/post-checkout; chmod 755 hooks/post-checkout; printf '[core]\\n\\thooksPath = hooks\\n' > config");
        await CommitAsync("hostile");
        await PublishAsync();
        (await FetchAsync(_server.Address + "/r.git")).Dispose();
        Assert.False(File.Exists(Path.Combine(_folder, "touched")));
    }

    [Fact]
    public async Task A_repository_that_is_larger_than_the_bound_is_refused()
    {
        _options = _options with { MaxBytes = 1 << 20 };
        await ShAsync("head -c 4000000 /dev/urandom > large");
        await CommitAsync("large");
        await PublishAsync();
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync(_server.Address + "/r.git"));
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
    }

    [Fact]
    public async Task Who_is_no_longer_interested_ends_git()
    {
        _server.Serve = static _ => WebServer.Answer.Of("x") with { Go = new TaskCompletionSource().Task };
        using var stop = new CancellationTokenSource();
        var fetching = Checkout().ResolveAsync(GitSource.TryParse(_server.Address + "/r.git")!, stop.Token);
        while (_server.Calls.IsEmpty) await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await _server.Gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancel);
    }

    async Task<ContextTree> FetchAsync(string word)
    {
        var source = GitSource.TryParse(word)!;
        return await Checkout().FetchAsync(source, await Checkout().ResolveAsync(source, Cancel), Cancel);
    }

    GitCheckout Checkout() => new(
        _options, new RemoteProxies(new Dictionary<string, string?>(), _options), secrets: null, Path.Combine(_folder, "git"), Path.Combine(_folder, "packs"), TimeProvider.System);

    async Task PublishAsync(string name = "r.git")
    {
        var target = Path.Combine(Served, name);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        await GitAsync("clone", "-q", "--mirror", Work, target);
        await GitAsync("-C", target, "update-server-info");
    }

    async Task<string> CommitAsync(string message)
    {
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "-m", message);
        return await HeadAsync();
    }

    async Task<string> HeadAsync() => (await GitAsync("rev-parse", "HEAD")).Trim();

    Task<string> GitAsync(params string[] arguments) => RunAsync("git", arguments);

    Task<string> ShAsync(string line, params string[] arguments) => RunAsync("sh", ["-ec", line, "sh", .. arguments]);

    async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ChildProcessStart
        {
            Program = program,
            Arguments = arguments,
            WorkingDirectory = Work,
            Environment =
            [
                $"PATH={Environment.GetEnvironmentVariable("PATH")}", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
                "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
                // Newer ones leave a process behind that tidies up, and writes while the folder is removed.
                "GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=gc.auto", "GIT_CONFIG_VALUE_0=0", "GIT_CONFIG_KEY_1=maintenance.auto", "GIT_CONFIG_VALUE_1=false",
            ],
        };
        var output = await ChildProcess.RunAsync(start, new ChildRunLimits { Timeout = TimeSpan.FromSeconds(60) }, Cancel);
        Assert.True(output.Status.IsSuccess, $"{program} {string.Join(' ', arguments)}: {output.ErrorText}");
        return output.OutputText;
    }

    static async Task<string> TextAsync(ContextTree tree, string path)
    {
        using var reader = new StreamReader(tree.Open(tree.Find(path)!));
        return await reader.ReadToEndAsync(Cancel);
    }

    sealed class GitDaemon(ChildProcess process, int port) : IAsyncDisposable
    {
        public string Address => $"git://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";

        public static async Task<GitDaemon> StartAsync(string folder)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            probe.Dispose();
            var process = ChildProcess.Start(new ChildProcessStart
            {
                Program = "git",
                Arguments = ["-c", "safe.directory=*", "daemon", "--export-all", "--reuseaddr", "--listen=127.0.0.1", $"--port={port.ToString(CultureInfo.InvariantCulture)}", $"--base-path={folder}", folder],
                Environment = [$"PATH={Environment.GetEnvironmentVariable("PATH")}", "HOME=/nonexistent"],
                NewSession = true,
            });
            var daemon = new GitDaemon(process, port);
            while (!daemon.Answers())
            {
                Assert.False(process.Exited.IsCompleted, "git daemon ended");
                await Task.Yield();
            }

            return daemon;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.Exited;
        }

        bool Answers()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
