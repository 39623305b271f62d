using System.Net;
using System.Net.Http.Headers;

namespace Strake.Images;

/// <summary>Stand-in until the registry client is merged: plain HTTP, no authentication.</summary>
public sealed class TemporaryClient(ImageReference reference) : IRemoteRepository
{
    static readonly HttpClient s_http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });

    /// <inheritdoc/>
    public ImageReference Reference => reference;

    string Base => $"http://{reference.Domain}/v2/{reference.Path}";

    /// <inheritdoc/>
    public async Task<RemoteManifest?> FindManifestAsync(string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Base}/manifests/{name}");
        foreach (var type in new[] { MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, MediaTypes.DockerList })
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        using var response = await s_http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new RemoteManifest(bytes, response.Content.Headers.ContentType?.MediaType, Digest.Of(bytes));
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{Base}/blobs/{blob.Digest}");
        if (offset > 0) request.Headers.Range = new RangeHeaderValue(offset, null);
        var response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> HasBlobAsync(Digest blob, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"{Base}/blobs/{blob}");
        using var response = await s_http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <inheritdoc/>
    public async Task<bool> TryMountBlobAsync(Digest blob, ImageReference from, CancellationToken cancellationToken)
    {
        using var response = await s_http.PostAsync($"{Base}/blobs/uploads/?mount={blob}&from={from.Path}", null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Accepted) (await s_http.DeleteAsync(response.Headers.Location, cancellationToken)).Dispose();
        return response.StatusCode == HttpStatusCode.Created;
    }

    /// <inheritdoc/>
    public async Task PushBlobAsync(Descriptor blob, Stream content, CancellationToken cancellationToken) =>
        await PushBlobAsync(content, cancellationToken);

    /// <inheritdoc/>
    public async Task<Descriptor> PushBlobAsync(Stream content, CancellationToken cancellationToken)
    {
        using var begun = await s_http.PostAsync($"{Base}/blobs/uploads/", null, cancellationToken);
        begun.EnsureSuccessStatusCode();
        var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        long size = 0;
        using var patch = new HttpRequestMessage(HttpMethod.Patch, begun.Headers.Location) { Content = new StreamContent(new Tap(content, b => { hash.AppendData(b.Span); size += b.Length; }), 128 << 10) };
        patch.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var sent = await s_http.SendAsync(patch, cancellationToken);
        sent.EnsureSuccessStatusCode();
        var digest = Digest.FromHash(hash.GetHashAndReset());
        using var ended = await s_http.PutAsync(sent.Headers.Location + $"&digest={digest}", null, cancellationToken);
        ended.EnsureSuccessStatusCode();
        return new Descriptor { Digest = digest, SizeBytes = size };
    }

    /// <inheritdoc/>
    public async Task PutManifestAsync(string tag, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await s_http.PutAsync($"{Base}/manifests/{tag}", content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken)
    {
        using var document = System.Text.Json.JsonDocument.Parse(await s_http.GetStringAsync($"{Base}/tags/list", cancellationToken));
        return [.. document.RootElement.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!)];
    }

    sealed class Tap(Stream source, Action<ReadOnlyMemory<byte>> take) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await source.ReadAsync(buffer, cancellationToken);
            take(buffer[..read]);
            return read;
        }
    }
}
