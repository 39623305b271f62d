using System.Collections.Concurrent;
using System.Text;

namespace Strake.Images.Tests;

/// <summary>
/// A registry in memory: blobs and manifests by repository, with counters of what it served, and faults that a test sets.
/// </summary>
sealed class FakeRegistry
{
    readonly Lock _gate = new();

    /// <summary>Repository → digest → bytes.</summary>
    public ConcurrentDictionary<string, Dictionary<Digest, byte[]>> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>Repository and tag or digest → manifest.</summary>
    public ConcurrentDictionary<string, RemoteManifest> Manifests { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of each blob that were sent, all requests together.</summary>
    public ConcurrentDictionary<Digest, long> Served { get; } = new();

    /// <summary>What was asked, a line each: <c>open</c>, <c>head</c>, <c>mount</c>, <c>push</c>, <c>put</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Looks at each stream of a blob that is opened: digest, offset, the honest stream.</summary>
    public Func<Digest, long, Stream, Stream> Blob { get; set; } = (_, _, stream) => stream;

    /// <summary>Whether mounts are granted.</summary>
    public bool Mounts { get; set; } = true;

    public IRemoteRepository Open(ImageReference reference, RegistryCredentials? credentials) => new Repository(this, reference);

    /// <summary>Puts an image in, its layers compressed.</summary>
    /// <returns>The manifest's digest.</returns>
    public Digest Add(string name, TestImage image, Func<byte[], byte[]>? compress = null, string manifestType = MediaTypes.OciManifest, string layerType = MediaTypes.OciLayer + "+gzip")
    {
        var reference = ImageReference.Parse(name).OrLatest();
        var layers = image.Layers.Select(compress ?? TestTar.Gzip).ToList();
        foreach (var blob in layers.Append(image.Config)) AddBlob(reference, blob);
        return AddManifest(name, manifestType, $$"""
            {"schemaVersion":2,"mediaType":"{{manifestType}}","config":{{TestArchives.Descriptor(ConfigType(manifestType), image.Config)}},
             "layers":[{{string.Join(",", layers.Select(l => TestArchives.Descriptor(layerType, l)))}}]}
            """);
    }

    /// <summary>Puts a manifest in, under its tag and its digest.</summary>
    public Digest AddManifest(string name, string mediaType, string json)
    {
        var reference = ImageReference.Parse(name).OrLatest();
        var bytes = Encoding.UTF8.GetBytes(json);
        var manifest = new RemoteManifest(bytes, mediaType, Digest.Of(bytes));
        Manifests[$"{reference.Name}:{reference.Tag}"] = manifest;
        Manifests[$"{reference.Name}:{manifest.Digest}"] = manifest;
        return manifest.Digest;
    }

    public void AddBlob(ImageReference reference, byte[] blob)
    {
        lock (_gate) Blobs.GetOrAdd(reference.Name, _ => [])[Digest.Of(blob)] = blob;
    }

    public bool Has(ImageReference reference, Digest blob)
    {
        lock (_gate) return Blobs.TryGetValue(reference.Name, out var blobs) && blobs.ContainsKey(blob);
    }

    public string Descriptor(string mediaType, Digest manifest, string name, string? more = null)
    {
        var bytes = Manifests[$"{ImageReference.Parse(name).Name}:{manifest}"].Bytes.ToArray();
        return TestArchives.Descriptor(mediaType, bytes, more);
    }

    static string ConfigType(string manifestType) => manifestType == MediaTypes.OciManifest ? MediaTypes.OciConfig : MediaTypes.DockerConfig;

    sealed class Repository(FakeRegistry registry, ImageReference reference) : IRemoteRepository
    {
        public ImageReference Reference => reference;

        public Task<RemoteManifest?> FindManifestAsync(string tagOrDigest, CancellationToken cancellationToken) =>
            Task.FromResult(registry.Manifests.GetValueOrDefault($"{reference.Name}:{tagOrDigest}"));

        public Task<Stream> OpenBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken)
        {
            registry.Calls.Enqueue($"open {blob.Digest.Hex[..12]} {offset}");
            byte[]? bytes;
            lock (registry._gate)
            {
                bytes = registry.Blobs.GetValueOrDefault(reference.Name)?.GetValueOrDefault(blob.Digest);
            }

            if (bytes is null) throw StrakeException.NotFound($"unknown blob {blob.Digest}");
            return Task.FromResult<Stream>(new CountedStream(registry, blob.Digest, registry.Blob(blob.Digest, offset, new MemoryStream(bytes, (int)offset, bytes.Length - (int)offset))));
        }

        public Task<bool> HasBlobAsync(Digest blob, CancellationToken cancellationToken)
        {
            registry.Calls.Enqueue($"head {blob.Hex[..12]}");
            return Task.FromResult(registry.Has(reference, blob));
        }

        public Task<bool> TryMountBlobAsync(Digest blob, ImageReference from, CancellationToken cancellationToken)
        {
            registry.Calls.Enqueue($"mount {blob.Hex[..12]} {from.Path}");
            if (!registry.Mounts || !registry.Has(from, blob)) return Task.FromResult(false);
            registry.AddBlob(reference, registry.Blobs[from.Name][blob]);
            return Task.FromResult(true);
        }

        public async Task PushBlobAsync(Descriptor blob, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
        {
            await using var content = await open(cancellationToken);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancellationToken);
            registry.Calls.Enqueue($"push {Digest.Of(bytes.ToArray()).Hex[..12]}");
            registry.AddBlob(reference, bytes.ToArray());
        }

        public async Task<Descriptor> PushBlobAsync(Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
        {
            await using var content = await open(cancellationToken);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancellationToken);
            registry.Calls.Enqueue($"push {Digest.Of(bytes.ToArray()).Hex[..12]}");
            registry.AddBlob(reference, bytes.ToArray());
            return new Descriptor { Digest = Digest.Of(bytes.ToArray()), SizeBytes = bytes.Length };
        }

        public Task PutManifestAsync(string tag, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken)
        {
            registry.Calls.Enqueue($"put {tag}");
            registry.AddManifest($"{reference.Name}:{tag}", mediaType, Encoding.UTF8.GetString(bytes.Span));
            return Task.CompletedTask;
        }

        public Task<bool> DeleteManifestAsync(Digest manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteBlobAsync(Digest blob, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        [
            .. registry.Manifests.Keys
                .Where(k => k.StartsWith(reference.Name + ":", StringComparison.Ordinal))
                .Select(k => k[(reference.Name.Length + 1)..])
                .Where(t => !t.Contains(':', StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ]);
    }

    sealed class CountedStream(FakeRegistry registry, Digest blob, Stream bytes) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await bytes.ReadAsync(buffer, cancellationToken);
            registry.Served.AddOrUpdate(blob, read, (_, before) => before + read);
            return read;
        }
    }
}
