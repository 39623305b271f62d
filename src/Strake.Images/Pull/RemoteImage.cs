namespace Strake.Images;

/// <summary>An image as a registry has it, for one platform.</summary>
/// <param name="Digest">What its name stands for in the registry: the digest of the index, or of the manifest where there is no index.</param>
/// <param name="Manifest">The manifest for the platform.</param>
sealed record RemoteImage(Digest Digest, ImageManifest Manifest)
{
    /// <summary>The image's ID.</summary>
    public ImageId Id => new(Manifest.Config.Digest);
}
