namespace Strake.Images;

/// <summary>stub until merged</summary>
public interface IRemoteRepository
{
    /// <summary>x</summary>
    ImageReference Reference { get; }
    /// <summary>x</summary>
    Task<RemoteManifest?> FindManifestAsync(string reference, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task<Stream> OpenBlobAsync(Descriptor blob, long offset, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task<bool> HasBlobAsync(Digest blob, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task<bool> TryMountBlobAsync(Digest blob, ImageReference from, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task PushBlobAsync(Descriptor blob, Stream content, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task<Descriptor> PushBlobAsync(Stream content, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task PutManifestAsync(string tag, ReadOnlyMemory<byte> bytes, string mediaType, CancellationToken cancellationToken);
    /// <summary>x</summary>
    Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken);
}
