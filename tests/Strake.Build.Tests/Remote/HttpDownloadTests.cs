using System.Text;
using Strake.Images;

namespace Strake.Build.Tests.Remote;

public sealed class HttpDownloadTests : IAsyncLifetime
{
    readonly string _packs = Directory.CreateTempSubdirectory("strake-test-").FullName;
    readonly WebServer _server = new();
    readonly Dictionary<string, string?> _arguments = [];

    RemoteOptions _options = new() { Variable = static _ => null };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_packs);
    }

    [Fact]
    public async Task A_file_has_its_bytes_its_name_and_the_servers_time()
    {
        _server.Serve = static _ => WebServer.Answer.Of("content", "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT");
        var file = await FetchAsync("/a/b.txt");
        using var tree = file.Tree;
        Assert.Equal(("b.txt", Digest.Of("content"u8)), (file.Name, file.Digest));
        var entry = tree.Find("b.txt")!.Entry;
        Assert.Equal((UnixFileMode.UserRead | UnixFileMode.UserWrite, 0, 0, 7, 1700000000), (entry.Mode, entry.Uid, entry.Gid, entry.SizeBytes, entry.ModifiedTime.Seconds));
        using var reader = new StreamReader(tree.Open(tree.Find("b.txt")!));
        Assert.Equal("content", await reader.ReadToEndAsync(Cancel));
    }

    [Theory]
    [InlineData("/named", "attachment; filename=\"other.txt\"", "named")]
    [InlineData("/", "attachment; filename=\"other.txt\"", "other.txt")]
    [InlineData("/", "attachment; filename*=UTF-8''%c3%a9.txt", "é.txt")]
    [InlineData("/", "attachment; filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("/", "attachment; filename=\"..\"", "__unnamed__")]
    [InlineData("/", "nonsense;;=", "__unnamed__")]
    [InlineData("/", "", "__unnamed__")]
    public async Task A_server_names_what_its_address_does_not(string path, string disposition, string name)
    {
        _server.Serve = _ => WebServer.Answer.Of("x", disposition.Length > 0 ? ["Content-Disposition: " + disposition] : []);
        var file = await FetchAsync(path);
        file.Tree.Dispose();
        Assert.Equal(BytePath.OfText(name), file.Name);
    }

    [Theory]
    [InlineData(404, ErrorKind.NotFound)]
    [InlineData(401, ErrorKind.PermissionDenied)]
    [InlineData(403, ErrorKind.PermissionDenied)]
    [InlineData(500, ErrorKind.Unavailable)]
    [InlineData(304, ErrorKind.Unavailable)]
    public async Task What_is_not_there_is_refused(int status, ErrorKind kind)
    {
        _server.Serve = _ => new WebServer.Answer(status, []);
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync("/x"));
        Assert.Equal(kind, error.Kind);
        Assert.Contains($"invalid response status {status}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_and_the_name_is_that_of_the_first_address()
    {
        _server.Serve = static call => call.Path == "/first" ? new WebServer.Answer(302, []) { Headers = ["Location: /second"] } : WebServer.Answer.Of("there");
        var file = await FetchAsync("/first");
        file.Tree.Dispose();
        Assert.Equal(("first", Digest.Of("there"u8)), (file.Name, file.Digest));
    }

    [Theory]
    [InlineData("/x", "stopped after 10 redirects")]
    [InlineData("file:///etc/passwd", "only http and https")]
    [InlineData("ftp://127.0.0.1/x", "only http and https")]
    public async Task Redirects_that_do_not_end_or_lead_elsewhere_are_refused(string location, string message)
    {
        _server.Serve = _ => new WebServer.Answer(301, []) { Headers = ["Location: " + location] };
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync("/x"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(_server.Calls.Count, 1, 11);
    }

    [Fact]
    public async Task Credentials_are_shown_to_their_server_alone()
    {
        await using var other = new WebServer();
        other.Serve = call => new WebServer.Answer(302, []) { Headers = [$"Location: {_server.Address}/back"] };
        _server.Serve = call => call.Path == "/x" ? new WebServer.Answer(302, []) { Headers = [$"Location: {other.Address}/there"] } : WebServer.Answer.Of("x");
        (await FetchAsync("/x", "user:pass@")).Tree.Dispose();
        Assert.Equal("Basic " + Convert.ToBase64String("user:pass"u8), _server.Calls.First()["authorization"]);
        Assert.Null(Assert.Single(other.Calls)["authorization"]);
        Assert.Null(_server.Calls.Last()["authorization"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_larger_than_the_bound_is_refused_and_leaves_nothing(bool isLengthHidden)
    {
        _options = _options with { MaxBytes = 1 << 20 };
        _server.Serve = _ => new WebServer.Answer(200, new byte[4096]) { LengthBytes = (1 << 20) + 1, IsLengthHidden = isLengthHidden };
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync("/x"));
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_packs));
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_refused()
    {
        _server.Serve = static _ => new WebServer.Answer(200, []) { Headers = ["Content-Length: 10"], IsLengthHidden = true };
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<StrakeException>(() => FetchAsync("/x"))).Kind);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_given_up()
    {
        _options = _options with { StallTimeout = TimeSpan.FromMilliseconds(50) };
        _server.Serve = static _ => WebServer.Answer.Of("x") with { Go = new TaskCompletionSource().Task };
        var error = await Assert.ThrowsAsync<StrakeException>(() => FetchAsync("/x"));
        Assert.Contains("nothing came for 0.1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_no_longer_interested_lets_the_server_go()
    {
        _server.Serve = static _ => WebServer.Answer.Of("x") with { Go = new TaskCompletionSource().Task };
        using var stop = new CancellationTokenSource();
        var fetching = FetchAsync("/x", stop: stop.Token);
        while (_server.Calls.IsEmpty) await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await _server.Gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancel);
    }

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    [InlineData("ALL_PROXY")]
    public async Task A_proxy_that_the_build_names_is_asked(string name)
    {
        _arguments[name] = _server.Address;
        _server.Serve = static _ => WebServer.Answer.Of("by proxy");
        var file = await Download().FetchAsync(HttpSource.TryParse("http://nowhere.test/x")!, Cancel);
        file.Tree.Dispose();
        Assert.Equal(Digest.Of("by proxy"u8), file.Digest);
        Assert.Equal("http://nowhere.test/x", Assert.Single(_server.Calls).Target);
    }

    [Fact]
    public void The_builds_proxies_count_before_the_engines()
    {
        _arguments["HTTPS_PROXY"] = "http://build:1";
        var proxies = new RemoteProxies(_arguments, new RemoteOptions { Variable = static name => name is "HTTP_PROXY" or "https_proxy" ? "http://engine:1" : null });
        Assert.Equal(["http_proxy=http://engine:1", "https_proxy=http://build:1"], proxies.Variables);
    }

    [Fact]
    public async Task Secrets_that_are_named_for_a_server_are_shown_to_it()
    {
        _server.Serve = static _ => WebServer.Answer.Of("x");
        (await Download(new OneSecret("HTTP_AUTH_TOKEN_127.0.0.1", "t0ken")).FetchAsync(HttpSource.TryParse(_server.Address + "/x")!, Cancel)).Tree.Dispose();
        Assert.Equal("Bearer t0ken", Assert.Single(_server.Calls)["authorization"]);
    }

    Task<DownloadedFile> FetchAsync(string path, string user = "", CancellationToken? stop = null) =>
        Download().FetchAsync(HttpSource.TryParse(_server.Address.Replace("http://", "http://" + user, StringComparison.Ordinal) + path)!, stop ?? Cancel);

    HttpDownload Download(ISecretSource? secrets = null) => new(_options, new RemoteProxies(_arguments, _options), secrets, _packs, TimeProvider.System);

    sealed class OneSecret(string id, string value) : ISecretSource
    {
        public Task<byte[]?> FindSecretAsync(string wanted, CancellationToken cancellationToken) => Task.FromResult(wanted == id ? Encoding.UTF8.GetBytes(value) : null);

        public Task<string?> FindAgentAsync(string wanted, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
