namespace Strake.Images;

/// <summary>What a push of one tag came to.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Digest">Digest of the manifest.</param>
/// <param name="SizeBytes">Length of the manifest.</param>
public sealed record PushedImage(string Tag, Digest Digest, long SizeBytes);
