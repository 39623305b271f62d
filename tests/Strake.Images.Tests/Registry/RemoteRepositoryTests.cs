using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Answer = Strake.Images.Tests.Registry.FaultyRegistry.Answer;

namespace Strake.Images.Tests.Registry;

/// <summary>The client against a registry that fails in every way there is: a clear error, or success after some tries, in bounded time.</summary>
public sealed class RemoteRepositoryTests : IAsyncLifetime
{
    static readonly byte[] s_content = RandomNumberGenerator.GetBytes(900_000);
    static readonly byte[] s_manifest = Encoding.UTF8.GetBytes("""{"schemaVersion":2}""");

    readonly FaultyRegistry _registry = new();
    readonly RegistryClient _client = new(new RegistryClientOptions
    {
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(20),
        AnswerTimeout = TimeSpan.FromSeconds(5),
        StallTimeout = TimeSpan.FromMilliseconds(300),
    });

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Descriptor Blob => new() { Digest = Digest.Of(s_content), SizeBytes = s_content.Length };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    IRemoteRepository Open(RegistryCredentials? credentials = null) => _client.Open(ImageReference.Parse($"{_registry.Host}/a/b:tag"), credentials);

    async Task<byte[]> ReadBlobAsync(long offset = 0)
    {
        await using var stream = await Open().OpenBlobAsync(Blob, offset, Cancel);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);
        return read.ToArray();
    }

    async Task<StrakeException> FailsAsync(ErrorKind kind, Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<StrakeException>(action);
        Assert.Equal((kind, ""), (error.Kind, error.Kind == kind ? "" : error.ToString()));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        return error;
    }

    [Fact]
    public async Task A_manifest_comes_with_its_type_and_digest()
    {
        _registry.Serve = call => call.Path == "/v2/a/b/manifests/tag" ? new Answer(200, s_manifest) { Headers = [$"Content-Type: {MediaTypes.OciManifest}; charset=utf-8"] } : new Answer(404);
        var found = await Open().FindManifestAsync("tag", Cancel);
        Assert.Equal((MediaTypes.OciManifest, Digest.Of(s_manifest)), (found!.MediaType, found.Digest));
        Assert.Equal(s_manifest, found.Bytes.ToArray());
        Assert.Contains(MediaTypes.OciIndex, _registry.Calls.Last()["accept"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_not_there_is_null_and_one_that_is_refused_says_so()
    {
        _registry.Serve = _ => new Answer(404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"""u8.ToArray());
        Assert.Null(await Open().FindManifestAsync("none", Cancel));
        _registry.Serve = _ => new Answer(403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}"""u8.ToArray());
        var error = await FailsAsync(ErrorKind.NotFound, () => Open().FindManifestAsync("tag", Cancel));
        Assert.Equal($"pull access denied for {_registry.Host}/a/b, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", error.Message);
    }

    [Fact]
    public async Task A_digest_that_lies_is_data_loss()
    {
        _registry.Serve = _ => new Answer(200, s_manifest);
        await FailsAsync(ErrorKind.DataLoss, () => Open().FindManifestAsync(Digest.Of([1]).ToString(), Cancel));
        _registry.Serve = _ => new Answer(200, s_manifest) { Headers = [$"Docker-Content-Digest: {Digest.Of([1])}"] };
        await FailsAsync(ErrorKind.DataLoss, () => Open().FindManifestAsync("tag", Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gigantic_or_endless_manifest_is_not_read_beyond_its_bound(bool claimsLength)
    {
        _registry.Serve = _ => new Answer(200, new byte[1 << 20]) { IsEndless = true, Length = claimsLength ? 1L << 40 : null };
        await FailsAsync(ErrorKind.TooLarge, () => Open().FindManifestAsync("tag", Cancel));
        Assert.InRange(_registry.ServedBytes, 0, 64 << 20);
    }

    [Fact]
    public async Task A_page_in_the_place_of_an_answer_is_shown()
    {
        _registry.Serve = _ => new Answer(400, "<html>\u001b[2J sign in</html>"u8.ToArray());
        var error = await FailsAsync(ErrorKind.Invalid, () => Open().FindManifestAsync("tag", Cancel));
        Assert.Equal("received unexpected HTTP status: 400 Bad Request: \"<html> [2J sign in</html>\"", error.Message);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task What_may_pass_is_tried_again_and_given_up_after_some_tries(int status)
    {
        var failures = 3;
        _registry.Serve = call => call.Path == "/v2/" || --failures < 0 ? new Answer(200, s_manifest) : new Answer(status) { Headers = ["Retry-After: 1"] };
        Assert.NotNull(await Open().FindManifestAsync("tag", Cancel));
        failures = int.MaxValue;
        var calls = _registry.Calls.Count;
        await FailsAsync(ErrorKind.Unavailable, () => Open().FindManifestAsync("tag", Cancel));
        Assert.InRange(_registry.Calls.Count - calls, 5, 6);
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_named()
    {
        string host;
        await using (var gone = new FaultyRegistry()) host = gone.Host;
        var error = await FailsAsync(ErrorKind.Unavailable, () => _client.Open(ImageReference.Parse($"{host}/a/b"), null).FindManifestAsync("tag", Cancel));
        Assert.Equal($"Get \"http://{host}/v2/\": dial tcp {host}: connect: connection refused", error.Message);
    }

    [Fact]
    public async Task A_redirect_is_followed_and_sees_no_credentials()
    {
        await using var elsewhere = new FaultyRegistry();
        elsewhere.Serve = call => FaultyRegistry.Range(call, s_content);
        _registry.Serve = call => call["authorization"] is null
            ? new Answer(401) { Headers = ["WWW-Authenticate: Basic realm=\"x\""] }
            : new Answer(307) { Headers = [$"Location: http://{elsewhere.Host}/signed?secret=1"] };
        await using var stream = await Open(new RegistryCredentials { Username = "u", Password = "p" }).OpenBlobAsync(Blob, 0, Cancel);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);
        Assert.Equal(s_content, read.ToArray());
        Assert.All(elsewhere.Calls, call => Assert.Null(call["authorization"]));
    }

    [Fact]
    public async Task A_challenge_of_a_host_that_was_redirected_to_gets_no_credentials()
    {
        await using var elsewhere = new FaultyRegistry();
        elsewhere.Serve = _ => new Answer(401) { Headers = ["WWW-Authenticate: Basic realm=\"x\""] };
        _registry.Serve = _ => new Answer(302) { Headers = [$"Location: http://{elsewhere.Host}/"] };
        await FailsAsync(ErrorKind.Unauthorized, () => Open(new RegistryCredentials { Username = "u", Password = "p" }).FindManifestAsync("tag", Cancel));
        Assert.All(elsewhere.Calls, call => Assert.Null(call["authorization"]));
    }

    [Theory]
    [InlineData("/v2/a/b/manifests/tag")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_that_leads_in_circles_or_out_of_the_web_is_left(string location)
    {
        _registry.Serve = _ => new Answer(302) { Headers = [$"Location: {location}"] };
        await FailsAsync(ErrorKind.Unavailable, () => Open().FindManifestAsync("tag", Cancel));
        Assert.InRange(_registry.Calls.Count, 1, 15);
    }

    [Fact]
    public async Task Tokens_are_asked_for_with_the_scope_kept_and_renewed_when_they_are_refused()
    {
        var tokens = 0;
        _registry.Serve = call => call switch
        {
            { Path: var path } when path.StartsWith("/token", StringComparison.Ordinal) => new Answer(200, Encoding.UTF8.GetBytes($$"""{"token":"t{{++tokens}}","expires_in":300}""")),
            _ when call["authorization"] == $"Bearer t{tokens}" && !(tokens == 1 && call.Path.EndsWith("two", StringComparison.Ordinal)) => new Answer(200, s_manifest),
            _ => new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\",service=\"here\",scope=\"wrong\""] },
        };
        var repository = Open(new RegistryCredentials { Username = "me", Password = "p:w" });
        await repository.FindManifestAsync("one", Cancel);
        await repository.FindManifestAsync("one", Cancel);
        Assert.Equal(1, tokens);
        await repository.FindManifestAsync("two", Cancel);
        Assert.Equal(2, tokens);
        var asked = _registry.Calls.First(c => c.Path.StartsWith("/token", StringComparison.Ordinal));
        Assert.Equal("/token?account=me&scope=repository%3Aa%2Fb%3Apull&service=here", asked.Path);
        Assert.Equal("Basic " + Convert.ToBase64String("me:p:w"u8), asked["authorization"]);
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_and_wrong_credentials_are_said_to_be_wrong()
    {
        _registry.Serve = call => call switch
        {
            { Method: "POST", Path: "/token" } => Encoding.UTF8.GetString(call.Body).Contains("refresh_token=right", StringComparison.Ordinal)
                ? new Answer(200, """{"access_token":"good"}"""u8.ToArray()) : new Answer(401, """{"details":"incorrect username or password"}"""u8.ToArray()),
            _ when call["authorization"] == "Bearer good" => new Answer(200, s_manifest),
            _ => new Answer(401) { Headers = [$"WWW-Authenticate: Bearer realm=\"http://{_registry.Host}/token\",service=\"here\""] },
        };
        Assert.NotNull(await Open(new RegistryCredentials { IdentityToken = "right" }).FindManifestAsync("tag", Cancel));
        var error = await FailsAsync(ErrorKind.Unauthorized, () => Open(new RegistryCredentials { IdentityToken = "stolen-secret" }).FindManifestAsync("tag", Cancel));
        Assert.Equal("unauthorized: incorrect username or password", error.Message);
        Assert.DoesNotContain("stolen-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_that_is_cut_a_hundred_times_arrives_whole_and_no_byte_twice()
    {
        var random = new Random(42);
        var cuts = 100;
        _registry.Serve = call => call.Path == "/v2/" ? new Answer() : FaultyRegistry.Range(call, s_content) with { CutAfter = cuts-- > 0 ? random.Next(1, 16_000) : long.MaxValue };
        Assert.Equal(s_content, await ReadBlobAsync());
        Assert.True(cuts < 0);
        // What was under way when the connection broke may be lost.
        Assert.InRange(_registry.ServedBytes, s_content.Length, s_content.Length + 100 * 16_384);
    }

    [Fact]
    public async Task A_registry_without_ranges_sends_all_again_and_what_is_known_is_skipped()
    {
        _registry.Serve = _ => new Answer(200, s_content);
        Assert.Equal(s_content[500_000..], await ReadBlobAsync(offset: 500_000));
    }

    [Fact]
    public async Task A_transfer_that_stands_still_is_begun_anew()
    {
        var stalls = 2;
        _registry.Serve = call => call.Path == "/v2/" ? new Answer() : FaultyRegistry.Range(call, s_content) with { StallAfter = stalls-- > 0 ? 100_000 : long.MaxValue };
        Assert.Equal(s_content, await ReadBlobAsync());
    }

    [Fact]
    public async Task A_blob_of_another_length_is_data_loss()
    {
        _registry.Serve = _ => new Answer(200, s_content[..1000]);
        await FailsAsync(ErrorKind.DataLoss, () => ReadBlobAsync());
        _registry.Serve = _ => new Answer(200, [.. s_content, 0]) { Length = -1 };
        await FailsAsync(ErrorKind.DataLoss, () => ReadBlobAsync());
    }

    [Fact]
    public async Task A_blob_that_ends_early_each_time_is_given_up()
    {
        _registry.Serve = call => call.Path == "/v2/" ? new Answer() : FaultyRegistry.Range(call, s_content) with { CutAfter = 0 };
        await FailsAsync(ErrorKind.Unavailable, () => ReadBlobAsync());
    }

    [Fact]
    public async Task A_blob_goes_up_whole_or_in_chunks_and_the_registry_learns_its_digest()
    {
        _registry.Serve = call => call switch
        {
            { Method: "POST" } => new Answer(202) { Headers = ["Location: /v2/a/b/blobs/uploads/1?state=x"] },
            { Method: "PATCH" } => new Answer(202) { Headers = [$"Location: http://{_registry.Host}/v2/a/b/blobs/uploads/1?state=y"] },
            { Method: "PUT" } => new Answer(201),
            _ => new Answer(404),
        };
        await Open().PushBlobAsync(Blob, _ => new(new MemoryStream(s_content)), Cancel);
        var put = _registry.Calls.Last();
        Assert.Equal($"/v2/a/b/blobs/uploads/1?state=x&digest={Uri.EscapeDataString(Blob.Digest.ToString())}", put.Path);
        Assert.Equal(s_content, put.Body);

        var sent = await Open().PushBlobAsync(_ => new(new MemoryStream(s_content)), Cancel);
        Assert.Equal((Blob.Digest, Blob.SizeBytes), (sent.Digest, sent.SizeBytes));
        Assert.Equal(s_content, _registry.Calls.Last(c => c.Method == "PATCH").Body);
        Assert.Equal($"/v2/a/b/blobs/uploads/1?state=y&digest={Uri.EscapeDataString(Blob.Digest.ToString())}", _registry.Calls.Last().Path);
    }

    [Fact]
    public async Task A_blob_is_lent_or_has_to_be_sent()
    {
        _registry.Serve = call => call.Method == "POST" ? new Answer(201) : new Answer(404);
        Assert.True(await Open().TryMountBlobAsync(Blob.Digest, ImageReference.Parse($"{_registry.Host}/other"), Cancel));
        Assert.Equal($"/v2/a/b/blobs/uploads/?mount={Blob.Digest}&from=other", _registry.Calls.Last().Path);
        _registry.Serve = call => call.Method == "POST" ? new Answer(202) { Headers = ["Location: /v2/a/b/blobs/uploads/9"] } : new Answer(204);
        Assert.False(await Open().TryMountBlobAsync(Blob.Digest, ImageReference.Parse($"{_registry.Host}/other"), Cancel));
        Assert.Equal(("DELETE", "/v2/a/b/blobs/uploads/9"), (_registry.Calls.Last().Method, _registry.Calls.Last().Path));
    }

    [Fact]
    public async Task A_source_that_fails_is_not_taken_for_the_registry()
    {
        _registry.Serve = call => call.Method == "POST" ? new Answer(202) { Headers = ["Location: /v2/a/b/blobs/uploads/1"] } : new Answer(404);
        var error = await FailsAsync(ErrorKind.DataLoss, () => Open().PushBlobAsync(_ => new(new FailingSource()), Cancel));
        Assert.Equal("a file of the layer is gone", error.Message);
    }

    [Fact]
    public async Task Tags_come_page_by_page_and_no_page_leads_elsewhere()
    {
        _registry.Serve = call => call.Path.Contains("last", StringComparison.Ordinal)
            ? new Answer(200, """{"tags":["c"]}"""u8.ToArray())
            : new Answer(200, """{"name":"a/b","tags":["a","b","no tag"]}"""u8.ToArray()) { Headers = ["Link: </v2/a/b/tags/list?last=b&n=2>; rel=\"next\""] };
        Assert.Equal(["a", "b", "c"], await Open().TagsAsync(Cancel));
        _registry.Serve = _ => new Answer(200, """{"tags":["a"]}"""u8.ToArray()) { Headers = ["Link: <http://169.254.169.254/v2/>; rel=\"next\""] };
        await FailsAsync(ErrorKind.Unavailable, () => Open().TagsAsync(Cancel));
        _registry.Serve = _ => new Answer(200, """{"tags":["a"]}"""u8.ToArray()) { Headers = ["Link: </v2/a/b/tags/list?n=1>; rel=\"next\""] };
        Assert.Equal(["a"], await Open().TagsAsync(Cancel));
    }

    /// <summary>Content that cannot be read to its end.</summary>
    sealed class FailingSource : ForwardStream
    {
        bool _began;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_began) throw StrakeException.DataLoss("a file of the layer is gone");
            _began = true;
            return ValueTask.FromResult(1);
        }
    }
}
