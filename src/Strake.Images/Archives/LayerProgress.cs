namespace Strake.Images;

/// <summary>How far the reading of a layer is.</summary>
/// <param name="Name">The layer within its archive: 12 digits of its digest, or the entry's path.</param>
/// <param name="CurrentBytes">Bytes read, as stored.</param>
/// <param name="TotalBytes">Bytes in all, as stored; 0 when unknown.</param>
public sealed record LayerProgress(string Name, long CurrentBytes, long TotalBytes);
