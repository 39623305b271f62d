namespace Strake.Images;

/// <summary>From a name in a registry to the manifest for a platform, and from there to the config. All bytes are verified.</summary>
/// <param name="host">The platform of images for which none is asked.</param>
sealed class RemoteImageResolver(Platform host)
{
    /// <summary>Finds the image that a name stands for.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="reference">The name, with a tag or a digest.</param>
    /// <param name="platform">The platform asked for; null: the host's.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">
    /// NotFound: no such manifest, or none for the platform. Invalid: no image. DataLoss: other bytes than the digest says. What the
    /// repository throws.
    /// </exception>
    public async Task<RemoteImage> ResolveAsync(
        IRemoteRepository repository, ImageReference reference, Platform? platform, CancellationToken cancellationToken)
    {
        var (digest, _, document) = await FindAsync(repository, reference, cancellationToken);
        var manifest = document switch
        {
            ImageManifest { IsImage: true } single => single,
            ImageManifest other => throw NoImage(other),
            ImageIndex index => await ChooseAsync(repository, index, platform ?? host, new Search(), cancellationToken)
                ?? throw PlatformChoice.NotOffered(index, platform ?? host, reference.Familiar),
            _ => throw new InvalidOperationException($"unknown manifest {document}"),
        };
        return new RemoteImage(digest, manifest);
    }

    /// <summary>Says what a registry has under a name, for all platforms.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="reference">The name, with a tag or a digest.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">As <see cref="ResolveAsync"/>.</exception>
    public static async Task<RemoteDescription> DescribeAsync(IRemoteRepository repository, ImageReference reference, CancellationToken cancellationToken)
    {
        var (digest, found, document) = await FindAsync(repository, reference, cancellationToken);
        var descriptor = new Descriptor { MediaType = document.MediaType, Digest = digest, SizeBytes = found.Bytes.Length };
        return new RemoteDescription(descriptor, document switch
        {
            ImageIndex index => [.. index.Manifests.Select(m => m.Platform).OfType<Platform>()],
            ImageManifest { IsImage: true } manifest => [ImageConfig.Parse(await ReadAsync(repository, manifest.Config, cancellationToken)).Platform],
            _ => [],
        });
    }

    /// <summary>Fetches an image's config, and holds it against its manifest.</summary>
    /// <exception cref="StrakeException">DataLoss: other bytes than the digest says. Invalid: no config of this manifest.</exception>
    public async Task<ImageConfig> ReadConfigAsync(
        IRemoteRepository repository, ImageReference reference, RemoteImage image, Platform? platform, CancellationToken cancellationToken)
    {
        var config = ImageConfig.Parse(await ReadAsync(repository, image.Manifest.Config, cancellationToken));
        Check(reference, config, image.Manifest, platform);
        return config;
    }

    /// <summary>Refuses a config that does not belong to the manifest, or is for something else than was asked for.</summary>
    public void Check(ImageReference reference, ImageConfig config, ImageManifest manifest, Platform? platform)
    {
        if (config.DiffIds.Count != manifest.Layers.Count)
            throw StrakeException.Invalid($"invalid image {reference.Familiar}: its manifest has {manifest.Layers.Count} layers and its config {config.DiffIds.Count}");
        if (!string.IsNullOrEmpty(config.Platform.Os) && !string.Equals(config.Platform.Os, host.Os, StringComparison.Ordinal))
            throw StrakeException.Invalid($"image operating system \"{config.Platform.Os}\" cannot be used on this platform: {reference.Familiar} is for {config.Platform}");
        if (platform is not null && !platform.Runs(config.Platform))
            throw StrakeException.NotFound(
                $"image with reference {reference.Familiar} was found but does not match the specified platform: wanted {platform}, actual: {config.Platform}");
    }

    static async Task<(Digest Digest, RemoteManifest Found, ManifestDocument Document)> FindAsync(
        IRemoteRepository repository, ImageReference reference, CancellationToken cancellationToken)
    {
        var name = reference.Digest?.ToString() ?? reference.Tag ?? ImageReference.DefaultTag;
        var found = await repository.FindManifestAsync(name, cancellationToken)
            ?? throw StrakeException.NotFound($"manifest for {reference.Familiar} not found: manifest unknown: manifest unknown");
        var digest = Digest.Of(found.Bytes.Span);
        if (reference.Digest is { } wanted && wanted != digest)
            throw StrakeException.DataLoss($"manifest verification failed for digest {wanted}: the registry sent {digest}");
        return (digest, found, ManifestDocument.Parse(found.Bytes, MediaTypeOf(found)));
    }

    async Task<ImageManifest?> ChooseAsync(
        IRemoteRepository repository, ImageIndex index, Platform platform, Search search, CancellationToken cancellationToken)
    {
        foreach (var candidate in PlatformChoice.Candidates(index, platform))
        {
            search.Step();
            var found = await repository.FindManifestAsync(candidate.Digest.ToString(), cancellationToken)
                ?? throw StrakeException.NotFound($"manifest {candidate.Digest}, which an index names, is not in the registry");
            Verify(candidate, found.Bytes.Span);
            switch (ManifestDocument.Parse(found.Bytes, candidate.MediaType))
            {
                case ImageManifest { IsImage: true } manifest:
                    return manifest;
                case ImageManifest:
                    // A chart, a signature: beside an image it does no harm.
                    break;
                case ImageIndex inner:
                    if (await ChooseAsync(repository, inner, platform, search.Deeper(), cancellationToken) is { } chosen) return chosen;
                    break;
                case var other:
                    throw new InvalidOperationException($"unknown manifest {other}");
            }
        }

        return null;
    }

    static async Task<byte[]> ReadAsync(IRemoteRepository repository, Descriptor blob, CancellationToken cancellationToken)
    {
        // The manifest's own check has bounded the size.
        var bytes = new byte[blob.SizeBytes];
        await using var stream = await repository.OpenBlobAsync(blob, 0, cancellationToken);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < bytes.Length || await stream.ReadAsync(new byte[1], cancellationToken) != 0)
            throw StrakeException.DataLoss($"config {blob.Digest} does not have the {blob.SizeBytes} bytes that its manifest says");
        Verify(blob, bytes);
        return bytes;
    }

    static void Verify(Descriptor descriptor, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != descriptor.SizeBytes)
            throw StrakeException.DataLoss($"{descriptor.Digest} has {bytes.Length} bytes, and {descriptor.SizeBytes} were announced");
        if (Digest.Of(bytes) is var actual && actual != descriptor.Digest)
            throw StrakeException.DataLoss($"{descriptor.Digest} was asked for, and the registry sent {actual}");
    }

    // What a server calls every file says nothing; what it calls a manifest must be one of that kind.
    static string? MediaTypeOf(RemoteManifest manifest) =>
        MediaTypes.IsManifest(manifest.MediaType) || MediaTypes.IsIndex(manifest.MediaType) ? manifest.MediaType : null;

    static StrakeException NoImage(ImageManifest manifest) =>
        StrakeException.Invalid($"Encountered remote \"{manifest.Config.MediaType}\"(unknown) when fetching");

    /// <summary>Bounds how far an index may lead.</summary>
    sealed class Search
    {
        int _depth = 1;
        int[] _steps = [0];

        public void Step()
        {
            if (++_steps[0] > ImageLimits.RemoteIndexSteps)
                throw StrakeException.TooLarge($"the index leads to more than {ImageLimits.RemoteIndexSteps} manifests for one platform");
        }

        public Search Deeper() => _depth < ImageLimits.IndexDepth
            ? new Search { _depth = _depth + 1, _steps = _steps }
            : throw StrakeException.Invalid($"indexes are nested more than {ImageLimits.IndexDepth} deep");
    }
}
