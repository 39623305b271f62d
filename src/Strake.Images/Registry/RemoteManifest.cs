namespace Strake.Images;

/// <summary>stub</summary>
public sealed record RemoteManifest(ReadOnlyMemory<byte> Bytes, string? MediaType, Digest Digest);
