namespace Strake.Images;

/// <summary>What a registry has under a name.</summary>
/// <param name="Manifest">The manifest or index: media type, digest, size.</param>
/// <param name="Platforms">What the image runs on.</param>
public sealed record RemoteDescription(Descriptor Manifest, IReadOnlyList<Platform> Platforms);
