using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Strake.Images;

/// <summary>A repository, through the hosts that serve its registry.</summary>
/// <param name="reference">The name that it was opened for.</param>
/// <param name="connect">Connects to the hosts: finds them and what they speak; once for all requests.</param>
/// <param name="options">Times and bounds.</param>
sealed class RemoteRepository(ImageReference reference, Func<Task<IReadOnlyList<RegistryConnection>>> connect, RegistryClientOptions options) : IRemoteRepository
{
    const string Bytes = "application/octet-stream";
    const int MostTagPages = 100;

    static readonly string[] s_manifests = [MediaTypes.DockerManifest, MediaTypes.DockerList, MediaTypes.OciManifest, MediaTypes.OciIndex];

    readonly Lock gate = new();
    Task<IReadOnlyList<RegistryConnection>>? connections;

    /// <inheritdoc/>
    public ImageReference Reference => reference;

    string PullScope => $"repository:{reference.Path}:pull";

    string PushScope => $"repository:{reference.Path}:pull,push";

    /// <inheritdoc/>
    public async Task<RemoteManifest?> FindManifestAsync(string name, CancellationToken cancellationToken)
    {
        var byDigest = Digest.TryParse(name, out var wanted);
        var hosts = await HostsAsync(byDigest ? RegistryAbilities.Pull : RegistryAbilities.Resolve);
        foreach (var mirror in hosts.SkipLast(1))
        {
            try
            {
                if (await FindManifestAsync(mirror, name, wanted, cancellationToken) is { } found) return found;
            }
            catch (StrakeException)
            {
                // A mirror is asked for speed. What the registry itself says counts.
            }
        }

        return await FindManifestAsync(hosts[^1], name, wanted, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => await BlobStream.OpenAsync(
        await HostsAsync(RegistryAbilities.Pull), new RegistryRequest(HttpMethod.Get, At($"blobs/{blob.Digest}"), PullScope), blob, offset, options,
        (status, fault) => RegistryFailure.OfPull(reference, status, fault), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> HasBlobAsync(Digest blob, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new RegistryRequest(HttpMethod.Head, At($"blobs/{blob}"), PushScope), cancellationToken);
        // No body says why: what stands in the way of asking stands in the way of sending, which will say it.
        return response.StatusCode is HttpStatusCode.OK;
    }

    /// <inheritdoc/>
    public async Task<bool> TryMountBlobAsync(Digest blob, ImageReference from, CancellationToken cancellationToken)
    {
        var scope = $"{PushScope} repository:{from.Path}:pull";
        var request = new RegistryRequest(HttpMethod.Post, At($"blobs/uploads/?mount={blob}&from={Uri.EscapeDataString(from.Path)}"), scope);
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Accepted) await ForgetUploadAsync(response, cancellationToken);
        return response.StatusCode is HttpStatusCode.Created;
    }

    /// <inheritdoc/>
    public async Task PushBlobAsync(Descriptor blob, Stream content, CancellationToken cancellationToken)
    {
        var upload = await BeginUploadAsync(cancellationToken);
        var target = WithDigest(upload, blob.Digest);
        using var response = await SendContentAsync(HttpMethod.Put, target, new UploadContent(content, blob.SizeBytes, options, cancellationToken), cancellationToken);
        await RequireAsync(response, HttpStatusCode.Created, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Descriptor> PushBlobAsync(Stream content, CancellationToken cancellationToken)
    {
        var upload = await BeginUploadAsync(cancellationToken);
        using var sending = new UploadContent(content, lengthBytes: null, options, cancellationToken);
        using var sent = await SendContentAsync(HttpMethod.Patch, upload.AbsoluteUri, sending, cancellationToken);
        await RequireAsync(sent, HttpStatusCode.Accepted, cancellationToken);
        var blob = new Descriptor { Digest = sending.TakeDigest(), SizeBytes = sending.SentBytes };
        var end = new RegistryRequest(HttpMethod.Put, WithDigest(LocationOf(sent) ?? upload, blob.Digest), PushScope) { Content = static () => new ByteArrayContent([]) };
        using var ended = await SendAsync(end, cancellationToken);
        await RequireAsync(ended, HttpStatusCode.Created, cancellationToken);
        return blob;
    }

    /// <inheritdoc/>
    public async Task PutManifestAsync(string name, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Put, At($"manifests/{name}"), PushScope)
        {
            Content = () => new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
        };
        using var response = await SendAsync(request, cancellationToken);
        await RequireAsync(response, HttpStatusCode.Created, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken)
    {
        List<string> tags = [];
        string? next = At("tags/list?n=1000");
        for (var page = 0; next is not null && page < MostTagPages; page++)
        {
            using var response = await SendAsync(new RegistryRequest(HttpMethod.Get, next, PullScope), cancellationToken);
            if (response.StatusCode is not HttpStatusCode.OK) throw await RefusalAsync(response, cancellationToken);
            tags.AddRange(ReadTags(await BoundedBody.ReadAsync(response, ImageLimits.DocumentBytes, $"the list of tags of {reference.FamiliarName}", cancellationToken)));
            if (tags.Count > ImageLimits.RemoteTags) throw StrakeException.TooLarge($"{reference.FamiliarName} has more than {ImageLimits.RemoteTags} tags");
            next = NextPage(response);
        }

        return tags;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteManifestAsync(Digest manifest, CancellationToken cancellationToken) => DeleteAsync($"manifests/{manifest}", cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteBlobAsync(Digest blob, CancellationToken cancellationToken) => DeleteAsync($"blobs/{blob}", cancellationToken);

    async Task<RemoteManifest?> FindManifestAsync(RegistryConnection host, string name, Digest wanted, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Get, At($"manifests/{name}"), PullScope) { Accept = s_manifests };
        using var response = await host.SendAsync(request, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            var fault = RegistryFault.Parse(response.StatusCode, await BoundedBody.ReadStartAsync(response, RegistryFault.MostBytes, cancellationToken));
            if (fault.Code is "MANIFEST_UNKNOWN" || response.StatusCode is HttpStatusCode.NotFound && fault.Code.Length == 0) return null;
            throw RegistryFailure.OfPull(reference, response.StatusCode, fault);
        }

        var bytes = await BoundedBody.ReadAsync(response, ImageLimits.DocumentBytes, $"registry {host.Host.Root.Authority}, for a manifest,", cancellationToken);
        var digest = Digest.Of(bytes.Span);
        if (wanted.IsSet && wanted != digest)
            throw StrakeException.DataLoss($"manifest verification failed for digest {wanted}: the registry sent {digest}");
        if (response.Headers.TryGetValues("Docker-Content-Digest", out var said) && Digest.TryParse(said.First(), out var claimed) && claimed != digest)
            throw StrakeException.DataLoss($"the registry says that {reference.FamiliarName}:{name} is {claimed}, and sent {digest}");
        return new RemoteManifest(bytes, response.Content.Headers.ContentType?.MediaType, digest);
    }

    async Task<Uri> BeginUploadAsync(CancellationToken cancellationToken)
    {
        // One that is begun twice is forgotten once: it may be repeated.
        using var response = await SendAsync(new RegistryRequest(HttpMethod.Post, At("blobs/uploads/"), PushScope), cancellationToken);
        await RequireAsync(response, HttpStatusCode.Accepted, cancellationToken);
        return LocationOf(response) ?? throw StrakeException.Unavailable($"the registry of {reference.FamiliarName} does not say where to send a blob");
    }

    async Task<HttpResponseMessage> SendContentAsync(HttpMethod method, string target, UploadContent content, CancellationToken cancellationToken)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(Bytes);
        try
        {
            return await SendAsync(new RegistryRequest(method, target, PushScope) { Content = () => content, IsRepeatable = false }, cancellationToken);
        }
        catch (Exception) when (content.SourceFailure is not null)
        {
            // It is not the registry that failed.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(content.SourceFailure);
            throw;
        }
    }

    // A registry that gets no word of an upload forgets it by itself, some days later.
    async Task ForgetUploadAsync(HttpResponseMessage begun, CancellationToken cancellationToken)
    {
        if (LocationOf(begun) is not { } upload) return;
        using var response = await SendAsync(new RegistryRequest(HttpMethod.Delete, upload.AbsoluteUri, PushScope) { IsRepeatable = false }, cancellationToken);
    }

    async Task<bool> DeleteAsync(string what, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new RegistryRequest(HttpMethod.Delete, At(what), $"repository:{reference.Path}:delete"), cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound) return false;
        await RequireAsync(response, HttpStatusCode.Accepted, cancellationToken);
        return true;
    }

    // Whatever changes something, and whatever is asked of the registry itself, goes to it alone.
    async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        await (await HostsAsync(RegistryAbilities.All))[^1].SendAsync(request, cancellationToken);

    async Task RequireAsync(HttpResponseMessage response, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        // Some registries answer 200 or 204 where the specification has 201 or 202.
        if (response.StatusCode == expected || response.IsSuccessStatusCode) return;
        throw RegistryFailure.Of(response.StatusCode, await FaultAsync(response, cancellationToken));
    }

    async Task<StrakeException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        RegistryFailure.OfPull(reference, response.StatusCode, await FaultAsync(response, cancellationToken));

    static async Task<RegistryFault> FaultAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        RegistryFault.Parse(response.StatusCode, await BoundedBody.ReadStartAsync(response, RegistryFault.MostBytes, cancellationToken));

    async Task<IReadOnlyList<RegistryConnection>> HostsAsync(RegistryAbilities needed)
    {
        Task<IReadOnlyList<RegistryConnection>> attempt;
        lock (gate) attempt = connections is { IsFaulted: false, IsCanceled: false } ? connections : connections = connect();
        var all = await attempt;
        // The registry itself is asked whatever it is set to: somebody has to answer.
        return [.. all.SkipLast(1).Where(c => c.Host.Abilities.HasFlag(needed)), all[^1]];
    }

    string At(string what) => $"{reference.Path}/{what}";

    static string WithDigest(Uri upload, Digest digest) =>
        $"{upload.AbsoluteUri}{(upload.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}";

    Uri? LocationOf(HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location || response.RequestMessage?.RequestUri is not { } asked) return null;
        var upload = new Uri(asked, location);
        if (upload.Scheme == asked.Scheme || upload.Scheme == Uri.UriSchemeHttps) return upload;
        // Behind a proxy that ends TLS some registries write addresses of their own side of it.
        return upload.Host == asked.Host && upload.Scheme == Uri.UriSchemeHttp ? new UriBuilder(upload) { Scheme = asked.Scheme, Port = asked.Port }.Uri
            : throw StrakeException.Unavailable($"the registry of {reference.FamiliarName} wants its blobs sent to {upload.Scheme}://{upload.Authority}: refused");
    }

    static IEnumerable<string> ReadTags(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            if (!document.RootElement.TryGetProperty("tags", out var tags) || tags.ValueKind == JsonValueKind.Null) return [];
            return [.. tags.EnumerateArray().Select(static t => t.GetString() ?? "").Where(static t => ReferenceGrammar.IsTag(t))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw StrakeException.Unavailable("the registry answered with something else than a list of tags", e);
        }
    }

    // RFC 8288: Link: </v2/a/tags/list?last=x&n=1000>; rel="next"
    string? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        foreach (var link in links)
        {
            var (from, to) = (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
            if (from < 0 || to < from || !link[to..].Contains("next", StringComparison.OrdinalIgnoreCase)) continue;
            if (!Uri.TryCreate(response.RequestMessage!.RequestUri!, link[(from + 1)..to], out var next)) continue;
            // Pages of one list are at one place.
            if (next.Authority == response.RequestMessage.RequestUri!.Authority && next.Scheme == response.RequestMessage.RequestUri.Scheme) return next.AbsoluteUri;
            throw StrakeException.Unavailable($"the registry of {reference.FamiliarName} has the next page of its tags at {next.Authority}: refused");
        }

        return null;
    }
}
