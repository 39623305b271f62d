using System.Net;
using System.Net.Http.Headers;

namespace Strake.Images;

/// <summary><see cref="IRemoteRepository"/> over HTTP.</summary>
/// <param name="reference">The repository.</param>
/// <param name="connect">Finds the hosts that serve it; called once.</param>
/// <param name="options">Times and bounds.</param>
sealed class RemoteRepository(
    ImageReference reference, Func<CancellationToken, Task<IReadOnlyList<RegistryConnection>>> connect, RegistryClientOptions options) : IRemoteRepository
{
    const int TagsInPage = 1_000;

    // Some registries give fewer tags than they are asked for.
    const int MostPages = 1_000;

    static readonly IReadOnlyList<string> s_manifests = [MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerList, MediaTypes.DockerManifest];

    readonly BoundedBody bodies = new(options);
    readonly SemaphoreSlim turn = new(1, 1);
    IReadOnlyList<RegistryConnection>? connections;

    /// <inheritdoc/>
    public ImageReference Reference => reference;

    /// <inheritdoc/>
    public async Task<RemoteManifest?> FindManifestAsync(string name, CancellationToken cancellationToken)
    {
        var wanted = NamedBy(name);
        var request = new RegistryRequest(HttpMethod.Get, $"{reference.Path}/manifests/{name}", RegistryScope.Pull(reference)) { Accept = s_manifests };
        var hosts = await HostsAsync(wanted is null ? RegistryAbilities.Resolve : RegistryAbilities.Pull, cancellationToken);
        foreach (var mirror in hosts.SkipLast(1))
        {
            try
            {
                if (await mirror.SendAsync(request, response => ReadManifestAsync(response, name, wanted, cancellationToken), cancellationToken) is { } found) return found;
            }
            catch (StrakeException)
            {
                // What a mirror cannot or will not answer, the registry does, or says why not.
            }
        }

        return await hosts[^1].SendAsync(request, response => ReadManifestAsync(response, name, wanted, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.SizeBytes);
        var source = new RegistryBlobSource(await HostsAsync(RegistryAbilities.Pull, cancellationToken), reference, blob.Digest, options);
        var stream = new RegistryBlobStream(source, blob.SizeBytes, offset, options);
        await stream.OpenAsync(cancellationToken);
        return stream;
    }

    /// <inheritdoc/>
    public async Task<bool> HasBlobAsync(Digest blob, CancellationToken cancellationToken)
    {
        // Who asks is about to send: with the right to fetch alone, the next request would need another token.
        var request = new RegistryRequest(HttpMethod.Head, $"{reference.Path}/blobs/{blob}", RegistryScope.Push(reference));
        var target = await TargetAsync(cancellationToken);
        return await target.SendAsync(request, ReadAsync, cancellationToken);

        async Task<bool> ReadAsync(HttpResponseMessage response) => response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw RegistryFailure.Of(await bodies.ReadFaultAsync(response, cancellationToken)),
        };
    }

    /// <inheritdoc/>
    public async Task<bool> TryMountBlobAsync(Digest blob, ImageReference from, CancellationToken cancellationToken)
    {
        if (from.Domain != reference.Domain) return false;
        var query = $"mount={blob}&from={Uri.EscapeDataString(from.Path)}";
        var request = new RegistryRequest(HttpMethod.Post, $"{reference.Path}/blobs/uploads/?{query}", RegistryScope.Mount(reference, from))
        {
            Content = static () => new ByteArrayContent([]),
        };
        var target = await TargetAsync(cancellationToken);
        try
        {
            var (isMounted, begun) = await target.SendAsync(
                request,
                static response => Task.FromResult((response.StatusCode is HttpStatusCode.Created, response.StatusCode is HttpStatusCode.Accepted ? RegistryAnswer.PlaceOf(response) : null)),
                cancellationToken);
            // A registry that does not lend it begins an upload instead, which nobody goes on with.
            if (begun is not null) await new RegistryUpload(target, reference, options).CancelAsync(begun);
            return isMounted;
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Unauthorized or ErrorKind.PermissionDenied or ErrorKind.NotFound)
        {
            // Who may not fetch from there may still send here.
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task PushBlobAsync(Descriptor blob, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken) =>
        await new RegistryUpload(await TargetAsync(cancellationToken), reference, options).RunAsync(blob, open, cancellationToken);

    /// <inheritdoc/>
    public async Task<Descriptor> PushBlobAsync(Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken) =>
        await new RegistryUpload(await TargetAsync(cancellationToken), reference, options).RunAsync(blob: null, open, cancellationToken);

    /// <inheritdoc/>
    public async Task PutManifestAsync(string name, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken)
    {
        if (NamedBy(name) is { } said && said != Digest.Of(bytes.Span)) throw StrakeException.DataLoss($"the manifest to be sent as {said} has another digest");
        var request = new RegistryRequest(HttpMethod.Put, $"{reference.Path}/manifests/{name}", RegistryScope.Push(reference))
        {
            Content = () => new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
        };
        var target = await TargetAsync(cancellationToken);
        await target.SendAsync(request, ReadAsync, cancellationToken);

        async Task<bool> ReadAsync(HttpResponseMessage response)
        {
            if (!response.IsSuccessStatusCode) throw RegistryFailure.Of(await bodies.ReadFaultAsync(response, cancellationToken));
            RegistryAnswer.ThrowUnlessDigestIs(response, Digest.Of(bytes.Span), $"manifest {name} of {reference.FamiliarName}");
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken)
    {
        var origin = (await HostsAsync(RegistryAbilities.Resolve, cancellationToken))[^1];
        HashSet<string> tags = new(StringComparer.Ordinal);
        List<string> inOrder = [];
        var next = $"{reference.Path}/tags/list?n={TagsInPage}";
        for (var pages = 0; next is not null; pages++)
        {
            if (pages == MostPages) throw StrakeException.TooLarge($"the tags of {reference.FamiliarName} do not end within {MostPages} pages");
            var request = new RegistryRequest(HttpMethod.Get, next, RegistryScope.Pull(reference));
            (var page, next) = await origin.SendAsync(request, response => ReadTagsAsync(response, origin.Root, cancellationToken), cancellationToken);
            var known = tags.Count;
            inOrder.AddRange(page.Where(tags.Add));
            // Pages that bring nothing new go on for ever.
            if (tags.Count == known) break;
            if (inOrder.Count > ImageLimits.RemoteTags) throw StrakeException.TooLarge($"{reference.FamiliarName} has more than {ImageLimits.RemoteTags} tags");
        }

        return inOrder;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteManifestAsync(Digest manifest, CancellationToken cancellationToken) => DeleteAsync($"{reference.Path}/manifests/{manifest}", cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteBlobAsync(Digest blob, CancellationToken cancellationToken) => DeleteAsync($"{reference.Path}/blobs/{blob}", cancellationToken);

    async Task<bool> DeleteAsync(string target, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Delete, target, RegistryScope.Delete(reference));
        return await (await TargetAsync(cancellationToken)).SendAsync(request, ReadAsync, cancellationToken);

        async Task<bool> ReadAsync(HttpResponseMessage response) => response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.NoContent => true,
            HttpStatusCode.NotFound => false,
            _ => throw RegistryFailure.Of(await bodies.ReadFaultAsync(response, cancellationToken)),
        };
    }

    async Task<RemoteManifest?> ReadManifestAsync(HttpResponseMessage response, string name, Digest? wanted, CancellationToken cancellationToken)
    {
        var subject = $"manifest {name} of {reference.FamiliarName}";
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            var fault = await bodies.ReadFaultAsync(response, cancellationToken);
            if (fault.Code is "MANIFEST_UNKNOWN") return null;
            throw RegistryFailure.OfPull(wanted is null ? reference.WithTag(name) : reference, fault);
        }

        var bytes = await bodies.ReadAsync(response, ImageLimits.DocumentBytes, $"the registry, for {subject},", cancellationToken);
        if (!bytes.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            throw StrakeException.Unavailable($"the registry answered with something else than the {subject} ({ContentTypeOf(response)}); is {reference.Domain} a registry?");
        var digest = Digest.Of(bytes.Span);
        if (wanted is { } said && said != digest) throw StrakeException.DataLoss($"manifest verification failed for digest {said}: the registry sent {digest}");
        RegistryAnswer.ThrowUnlessDigestIs(response, digest, subject);
        return new RemoteManifest(bytes, RegistryAnswer.MediaTypeOf(response), digest);
    }

    async Task<(IReadOnlyList<string> Tags, string? Next)> ReadTagsAsync(HttpResponseMessage response, Uri root, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not HttpStatusCode.OK) throw RegistryFailure.OfPull(reference, await bodies.ReadFaultAsync(response, cancellationToken));
        var body = await bodies.ReadAsync(response, ImageLimits.DocumentBytes, $"the registry, for the tags of {reference.FamiliarName},", cancellationToken);
        var tags = TagList.Parse(body)
            ?? throw StrakeException.Unavailable($"the registry answered with something else than the tags of {reference.FamiliarName} ({ContentTypeOf(response)})");
        var link = response.Headers.NonValidated.TryGetValues("Link", out var links) ? links.Select(static l => LinkHeader.Next(l)).FirstOrDefault(static l => l is not null) : null;
        if (link is null) return (tags, null);
        // What it needs was asked for this registry alone.
        var address = Uri.TryCreate(response.RequestMessage!.RequestUri!, link, out var next) && RegistryAddress.IsSameServer(next, root)
            ? next
            : throw StrakeException.Unavailable($"the list of tags of {reference.FamiliarName} goes on at another server, which is not followed");
        return (tags, address.AbsoluteUri);
    }

    // As text it goes into an address: nothing but a tag or a digest may.
    static Digest? NamedBy(string name) => Digest.TryParse(name, out var digest) ? digest
        : ReferenceGrammar.IsTag(name) ? null
        : throw StrakeException.Invalid("invalid tag format");

    static string ContentTypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType ?? "no content type";

    // The registry itself is the last, and always asked.
    async Task<IReadOnlyList<RegistryConnection>> HostsAsync(RegistryAbilities ability, CancellationToken cancellationToken)
    {
        var all = await ConnectAsync(cancellationToken);
        return [.. all.SkipLast(1).Where(c => c.Host.Abilities.HasFlag(ability)), all[^1]];
    }

    async Task<RegistryConnection> TargetAsync(CancellationToken cancellationToken) =>
        (await ConnectAsync(cancellationToken)).First(static c => c.Host.IsOrigin || c.Host.Abilities.HasFlag(RegistryAbilities.Push));

    async Task<IReadOnlyList<RegistryConnection>> ConnectAsync(CancellationToken cancellationToken)
    {
        if (connections is { } known) return known;
        await turn.WaitAsync(cancellationToken);
        try
        {
            return connections ??= await connect(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}
