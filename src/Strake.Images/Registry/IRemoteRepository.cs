namespace Strake.Images;

/// <summary>
/// One repository of a registry, with the rights of whoever asks (OCI distribution specification 1.1). What it answers is bytes from a
/// stranger: manifests asked for by digest are verified here, the content of blobs by whoever reads it.
/// </summary>
/// <remarks>
/// Laws: requests that change nothing are tried again, a bounded number of times, when the network or the registry fails; others are
/// made once. No answer is read beyond its bound. Credentials go to the registry and to the token server that it names, and to nobody
/// else: no redirect and no mirror sees them. All members are thread-safe.
/// <example><code>
/// var repository = client.Open(ImageReference.Parse("busybox"), credentials: null);
/// var manifest = await repository.FindManifestAsync("latest", ct);
/// await using var layer = await repository.OpenBlobAsync(descriptor, offset: 0, ct);
/// </code></example>
/// Every member throws <see cref="StrakeException"/>: NotFound where there is no such repository or it is not for the one who asks (the
/// registry does not tell which), Unauthorized for credentials that are wrong or missing, PermissionDenied, Unavailable where the
/// registry cannot be reached or fails, DataLoss where it lies, Invalid where a setting is wrong.
/// </remarks>
public interface IRemoteRepository
{
    /// <summary>The name that it was opened for.</summary>
    ImageReference Reference { get; }

    /// <summary>Fetches a manifest or an index.</summary>
    /// <param name="reference">A tag, or a digest as text.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    /// <returns>Its exact bytes; null when the repository has none of that name.</returns>
    /// <exception cref="StrakeException">DataLoss: other bytes than the digest says. TooLarge: over <see cref="ImageLimits.DocumentBytes"/>.</exception>
    Task<RemoteManifest?> FindManifestAsync(string reference, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a blob. Where the connection breaks the stream goes on at the byte where it was; it ends after exactly the bytes that the
    /// descriptor says, or throws.
    /// </summary>
    /// <param name="blob">Which; its addresses elsewhere (<see cref="Descriptor.Urls"/>) are not used.</param>
    /// <param name="offset">The first byte wanted; at most the blob's size.</param>
    /// <param name="cancellationToken">Cancels the opening; reading has a token of its own.</param>
    /// <returns>A stream to be read forward, asynchronously. The caller disposes it.</returns>
    /// <exception cref="StrakeException">NotFound: the repository does not have it.</exception>
    Task<Stream> OpenBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken);

    /// <summary>Whether the repository has a blob.</summary>
    Task<bool> HasBlobAsync(Digest blob, CancellationToken cancellationToken);

    /// <summary>Has the registry lend a blob from another of its repositories.</summary>
    /// <param name="blob">Which.</param>
    /// <param name="from">The repository that has it; of the same registry.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>False where it does not, for whatever reason: the blob has to be sent.</returns>
    Task<bool> TryMountBlobAsync(Digest blob, ImageReference from, CancellationToken cancellationToken);

    /// <summary>Sends a blob whose digest and size are known.</summary>
    /// <param name="blob">Its digest and size, which the registry verifies.</param>
    /// <param name="open">
    /// Opens the content at its beginning; called again when a try broke. Each stream is read forward, asynchronously, and disposed here
    /// before the next one is opened. What it throws ends the transfer.
    /// </param>
    /// <param name="cancellationToken">Breaks the transfer off; the registry forgets it.</param>
    /// <exception cref="StrakeException">DataLoss: the content has another length than said, or the registry got other bytes.</exception>
    Task PushBlobAsync(Descriptor blob, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken);

    /// <summary>Sends a blob whose digest and size are known only when it has been read, such as one that is compressed on its way.</summary>
    /// <param name="open">As in the other form. It need not give the same bytes each time: what the registry has is what was read last.</param>
    /// <param name="cancellationToken">Breaks the transfer off; the registry forgets it.</param>
    /// <returns>Digest and size of what the registry has now; no media type.</returns>
    Task<Descriptor> PushBlobAsync(Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken);

    /// <summary>Stores a manifest, all of whose blobs are there. Idempotent.</summary>
    /// <param name="reference">A tag, or the manifest's digest as text.</param>
    /// <param name="bytes">The manifest.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task PutManifestAsync(string reference, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken);

    /// <summary>The tags, in the registry's order, page by page until it has no more. At most <see cref="ImageLimits.RemoteTags"/>.</summary>
    /// <exception cref="StrakeException">TooLarge: there are more, or the pages do not end.</exception>
    Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken);

    /// <summary>Removes a manifest and all tags that stand for it, where the registry allows that.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> DeleteManifestAsync(Digest manifest, CancellationToken cancellationToken);

    /// <summary>Removes a blob from the repository, where the registry allows that.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> DeleteBlobAsync(Digest blob, CancellationToken cancellationToken);
}
