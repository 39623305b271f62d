namespace Strake.Images;

/// <summary>A form in which registries or archives hold a layer: its tar as it is, or compressed by somebody.</summary>
/// <param name="Digest">Digest of the bytes in that form.</param>
/// <param name="SizeBytes">Their length.</param>
/// <param name="Compression">The form.</param>
/// <param name="Repositories">Full names of repositories that had it when we last looked, the latest first.</param>
public sealed record LayerBlob(Digest Digest, long SizeBytes, Compression Compression, IReadOnlyList<string> Repositories);
