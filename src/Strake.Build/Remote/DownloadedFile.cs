using Strake.Images;

namespace Strake.Build;

/// <summary>A file that was fetched.</summary>
/// <param name="Tree">It alone, in the root; to be disposed.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="ETag">The server's own word for what it has; empty: it said none.</param>
sealed record DownloadedFile(ContextTree Tree, string Name, Digest Digest, string ETag);
