using System.Text;
using Answer = Strake.Images.Tests.Registry.FaultyRegistry.Answer;
using Call = Strake.Images.Tests.Registry.FaultyRegistry.Call;

namespace Strake.Images.Tests.Registry;

/// <summary>Credentials are for one registry and its token server (CVE-2020-15157 and its kin).</summary>
public sealed class RegistrySecurityTests : IAsyncLifetime
{
    static readonly byte[] s_manifest = """{"schemaVersion":2}"""u8.ToArray();
    static readonly RegistryCredentials s_me = new() { Username = "me", Password = "secret" };

    readonly FaultyRegistry _registry = new();
    readonly FaultyRegistry _stranger = new();
    readonly TestFolder _folder = new();
    readonly RegistryClient _client;

    public RegistrySecurityTests() => _client = new RegistryClient(Options());

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Answer Basic => new(401) { Headers = ["WWW-Authenticate: Basic realm=\"x\""] };

    RegistryClientOptions Options() => new()
    {
        FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(5), AnswerTimeout = TimeSpan.FromSeconds(5), HostFolders = [_folder.Path],
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
        await _stranger.DisposeAsync();
        _folder.Dispose();
    }

    IRemoteRepository Open(RegistryCredentials? credentials) => _client.Open(ImageReference.Parse($"{_registry.Host}/a/b"), credentials);

    async Task<StrakeException> FailsAsync(ErrorKind kind, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<StrakeException>(action);
        Assert.Equal((kind, ""), (error.Kind, error.Kind == kind ? "" : error.ToString()));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        return error;
    }

    void NothingWasShownTo(FaultyRegistry stranger) => Assert.All(stranger.Calls, static call => Assert.Null(call["authorization"]));

    [Fact]
    public async Task A_redirect_over_a_stranger_and_back_regains_no_credentials()
    {
        _stranger.Serve = _ => new Answer(302) { Headers = [$"Location: http://{_registry.Host}/v2/admin/secrets"] };
        _registry.Serve = call => call switch
        {
            { Path: "/v2/admin/secrets" } => new Answer(200, s_manifest),
            _ when call["authorization"] is null => Basic,
            _ => new Answer(307) { Headers = [$"Location: http://{_stranger.Host}/"] },
        };
        await Open(s_me).FindManifestAsync("tag", Cancel);
        NothingWasShownTo(_stranger);
        Assert.Null(_registry.Calls.Single(c => c.Path == "/v2/admin/secrets")["authorization"]);
    }

    [Fact]
    public async Task An_upload_that_goes_elsewhere_takes_no_credentials_along()
    {
        _registry.Serve = call => call["authorization"] is null ? Basic : new Answer(202) { Headers = [$"Location: http://{_stranger.Host}/up?state=1"] };
        _stranger.Serve = call => call.Method == "PUT" ? new Answer(201) : Basic;
        var blob = new Descriptor { Digest = Digest.Of("x"u8), SizeBytes = 1 };
        await Open(s_me).PushBlobAsync(blob, static _ => new(new MemoryStream("x"u8.ToArray())), Cancel);
        Assert.Equal("x"u8.ToArray(), _stranger.Calls.Single().Body);
        NothingWasShownTo(_stranger);
    }

    [Fact]
    public async Task A_token_server_that_redirects_takes_no_password_along()
    {
        _registry.Serve = call => call["authorization"] == "Bearer t" ? new Answer(200, s_manifest)
            : call.Path.StartsWith("/token", StringComparison.Ordinal) ? new Answer(302) { Headers = [$"Location: http://{_stranger.Host}/token"] }
            : new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\""] };
        _stranger.Serve = _ => new Answer(200, """{"token":"t"}"""u8.ToArray());
        Assert.NotNull(await Open(s_me).FindManifestAsync("tag", Cancel));
        Assert.Contains(_registry.Calls, static c => c.Path.StartsWith("/token", StringComparison.Ordinal) && c["authorization"] is not null);
        NothingWasShownTo(_stranger);
    }

    [Fact]
    public async Task A_refresh_token_does_not_follow_a_redirect()
    {
        _registry.Serve = call => call.Path.StartsWith("/token", StringComparison.Ordinal)
            ? new Answer(307) { Headers = [$"Location: http://{_stranger.Host}/token"] }
            : new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\""] };
        await FailsAsync(ErrorKind.Unavailable, () => Open(new RegistryCredentials { IdentityToken = "secret" }).FindManifestAsync("tag", Cancel));
        Assert.Empty(_stranger.Calls);
    }

    [Fact]
    public async Task A_mirror_sees_no_credentials_and_its_lies_do_not_count()
    {
        Directory.CreateDirectory(_folder.At(_registry.Host));
        await File.WriteAllTextAsync(_folder.At($"{_registry.Host}/hosts.toml"), $"[host.\"http://{_stranger.Host}\"]\n  [host.\"http://{_stranger.Host}\".header]\n  x-key = \"k\"\n", Cancel);
        _stranger.Serve = _ => new Answer(200, """{"lie":1}"""u8.ToArray());
        _registry.Serve = call => call["authorization"] is null ? Basic : new Answer(200, s_manifest);
        var found = await Open(s_me).FindManifestAsync(Digest.Of(s_manifest).ToString(), Cancel);
        Assert.Equal(s_manifest, found!.Bytes.ToArray());
        var asked = Assert.Single(_stranger.Calls);
        Assert.Equal(("k", $"/v2/a/b/manifests/{Digest.Of(s_manifest)}?ns={Uri.EscapeDataString(_registry.Host)}"), (asked["x-key"], asked.Path));
        Assert.All(_registry.Calls, static call => Assert.Null(call["x-key"]));

        _stranger.Serve = _ => Basic;
        Assert.NotNull(await Open(s_me).FindManifestAsync("tag", Cancel));
        await Open(s_me).PutManifestAsync("tag", s_manifest, MediaTypes.OciManifest, Cancel);
        Assert.DoesNotContain(_stranger.Calls, static c => c.Method == "PUT");
        NothingWasShownTo(_stranger);
    }

    [Fact]
    public async Task A_mirror_that_breaks_off_is_followed_by_the_registry()
    {
        var content = new byte[100_000];
        new Random(1).NextBytes(content);
        Directory.CreateDirectory(_folder.At("_default"));
        await File.WriteAllTextAsync(_folder.At("_default/hosts.toml"), $"[host.'http://{_stranger.Host}']\n", Cancel);
        _stranger.Serve = call => FaultyRegistry.Range(call, content) with { CutAfter = 40_000 };
        _registry.Serve = call => FaultyRegistry.Range(call, content);
        await using var stream = await Open(null).OpenBlobAsync(new Descriptor { Digest = Digest.Of(content), SizeBytes = content.Length }, 0, Cancel);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);
        Assert.Equal(content, read.ToArray());
        Assert.Single(_stranger.Calls);
        Assert.InRange(_registry.Calls.Single(static c => c.Method == "GET" && c.From > 0).From, 16_000, 40_000);
    }

    [Theory]
    [InlineData("/../../../v1/x")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("x?y")]
    [InlineData("sha256:00")]
    public async Task A_name_that_is_neither_tag_nor_digest_goes_into_no_address(string name)
    {
        await FailsAsync(ErrorKind.Invalid, () => Open(null).FindManifestAsync(name, Cancel));
        await FailsAsync(ErrorKind.Invalid, () => Open(null).PutManifestAsync(name, s_manifest, MediaTypes.OciManifest, Cancel));
        Assert.Empty(_registry.Calls);
    }

    [Fact]
    public async Task Requests_that_are_refused_together_have_one_token_fetched_for_all()
    {
        var tokens = 0;
        _registry.Serve = call => call.Path.StartsWith("/token", StringComparison.Ordinal)
            ? new Answer(200, Encoding.UTF8.GetBytes($$"""{"access_token":"t{{Interlocked.Increment(ref tokens)}}"}"""))
            : call["authorization"] == "Bearer t1" ? new Answer(200, s_manifest)
            : new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\""] };
        var repository = Open(null);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => repository.FindManifestAsync("tag", Cancel))), Assert.NotNull);
        Assert.Equal(1, tokens);
    }

    [Fact]
    public async Task An_upload_whose_token_ends_on_the_way_begins_anew_with_another()
    {
        var valid = 1;
        var sent = 0;
        _registry.Serve = Serve;
        var opened = 0;
        var pushed = await Open(null).PushBlobAsync(
            _ =>
            {
                opened++;
                return new(new MemoryStream("content"u8.ToArray()));
            },
            Cancel);
        Assert.Equal((Digest.Of("content"u8), 7, 2), (pushed.Digest, pushed.SizeBytes, opened));

        Answer Serve(Call call)
        {
            if (call.Path.StartsWith("/token", StringComparison.Ordinal)) return new Answer(200, Encoding.UTF8.GetBytes($$"""{"token":"t{{valid}}"}"""));
            if (call.Method == "PATCH" && sent++ == 0) valid = 2;
            if (call["authorization"] != $"Bearer t{valid}") return new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\""] };
            return call.Method == "PUT" ? new Answer(201) : new Answer(202) { Headers = ["Location: /v2/a/b/blobs/uploads/1"] };
        }
    }

    [Theory]
    [InlineData(500, ErrorKind.Unavailable, 5)]
    [InlineData(403, ErrorKind.PermissionDenied, 1)]
    public async Task An_upload_that_is_refused_is_tried_again_only_where_that_helps(int status, ErrorKind kind, int tries)
    {
        _registry.Serve = call => call.Method switch
        {
            "POST" => new Answer(202) { Headers = ["Location: /v2/a/b/blobs/uploads/1"] },
            "DELETE" => new Answer(204),
            _ => new Answer(status),
        };
        var opened = 0;
        await FailsAsync(kind, () => Open(null).PushBlobAsync(
            new Descriptor { Digest = Digest.Of("x"u8), SizeBytes = 1 },
            _ =>
            {
                opened++;
                return new(new MemoryStream("x"u8.ToArray()));
            },
            Cancel));
        Assert.Equal((tries, tries), (opened, _registry.Calls.Count(static c => c.Method == "DELETE")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Content_of_another_length_than_said_is_data_loss_and_never_sent_as_whole(int length)
    {
        _registry.Serve = call => call.Method == "POST" ? new Answer(202) { Headers = ["Location: /v2/a/b/blobs/uploads/1"] } : new Answer(201);
        await FailsAsync(ErrorKind.DataLoss, () => Open(null).PushBlobAsync(
            new Descriptor { Digest = Digest.Of("x"u8), SizeBytes = 1 }, _ => new(new MemoryStream(new byte[length])), Cancel));
        Assert.DoesNotContain(_registry.Calls, static c => c.Method == "PUT");
    }

    [Fact]
    public async Task Who_logs_in_learns_whether_he_is_let_in_and_gets_the_token_for_later()
    {
        _registry.Serve = call => call switch
        {
            { Path: "/v2/" } => call["authorization"] == "Bearer t" ? new Answer(200, "{}"u8.ToArray())
                : new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\",service=\"s\""] },
            _ when call["authorization"] == "Basic " + Convert.ToBase64String("me:right"u8) && call.Path.Contains("offline_token=true", StringComparison.Ordinal) =>
                new Answer(200, """{"token":"t","refresh_token":"later"}"""u8.ToArray()),
            _ => new Answer(401, """{"details":"incorrect username or password"}"""u8.ToArray()),
        };
        var right = new RegistryCredentials { Username = "me", Password = "right", ServerAddress = $"http://{_registry.Host}/v1/" };
        Assert.Equal("later", (await _client.VerifyCredentialsAsync(right, Cancel)).IdentityToken);
        var error = await FailsAsync(ErrorKind.Unauthorized, () => _client.VerifyCredentialsAsync(right with { Password = "secret" }, Cancel));
        Assert.EndsWith("/v2/\": unauthorized: incorrect username or password", error.Message, StringComparison.Ordinal);
        await FailsAsync(ErrorKind.Invalid, () => _client.VerifyCredentialsAsync(right with { ServerAddress = "a b" }, Cancel));

        _registry.Serve = _ => Basic;
        Assert.StartsWith("Get \"", (await FailsAsync(ErrorKind.Unauthorized, () => _client.VerifyCredentialsAsync(right, Cancel))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("insufficient_scope", ErrorKind.NotFound, "denied: requested access to the resource is denied")]
    [InlineData("invalid_token", ErrorKind.Unauthorized, "unauthorized: authentication required")]
    public async Task What_the_challenge_of_a_refusal_says_counts(string error, ErrorKind kind, string words)
    {
        _registry.Serve = call => call.Path.StartsWith("/token", StringComparison.Ordinal)
            ? new Answer(200, """{"token":"t"}"""u8.ToArray())
            : new Answer(401, """{"errors":[{"code":"UNAUTHORIZED","message":"x"}]}"""u8.ToArray())
            {
                Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\",error=\"{error}\""],
            };
        Assert.EndsWith(words, (await FailsAsync(kind, () => Open(null).FindManifestAsync("tag", Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_in_the_place_of_a_manifest_is_no_manifest()
    {
        _registry.Serve = _ => new Answer(200, "<html>"u8.ToArray()) { Headers = ["Content-Type: text/html"] };
        var error = await FailsAsync(ErrorKind.Unavailable, () => Open(null).FindManifestAsync("tag", Cancel));
        Assert.Contains("text/html", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_of_the_settings_is_used()
    {
        _stranger.Serve = _ => new Answer(200, s_manifest);
        using var client = new RegistryClient(Options() with { InsecureRegistries = ["registry.invalid:80"], Proxy = new RegistryProxy($"http://{_stranger.Host}", null, null), Attempts = 1 });
        Assert.NotNull(await client.Open(ImageReference.Parse("registry.invalid:80/a"), null).FindManifestAsync("tag", Cancel));
        Assert.Equal("http://registry.invalid:80/v2/a/manifests/tag".Replace(":80", "", StringComparison.Ordinal), _stranger.Calls.First().Path.Replace(":80", "", StringComparison.Ordinal));
    }
}
