namespace Strake.Daemon.BuildKit;

/// <summary>What is known of an image.</summary>
/// <param name="Reference">Its name.</param>
/// <param name="Digest">The digest of its manifest, or of its config where it has none.</param>
/// <param name="Config">Its config.</param>
sealed record ResolvedImage(string Reference, string Digest, ReadOnlyMemory<byte> Config);
