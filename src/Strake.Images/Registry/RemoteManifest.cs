namespace Strake.Images;

/// <summary>A manifest or index as a registry sent it.</summary>
/// <param name="Bytes">The exact bytes.</param>
/// <param name="MediaType">What the registry calls it, without parameters; null when it does not say.</param>
/// <param name="Digest">The digest of the bytes.</param>
public sealed record RemoteManifest(ReadOnlyMemory<byte> Bytes, string? MediaType, Digest Digest);
