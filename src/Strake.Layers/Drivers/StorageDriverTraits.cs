namespace Strake.Layers;

/// <summary>In what storage drivers differ, as far as their callers must know.</summary>
/// <param name="WritesWithoutParents">
/// A layer holds its own changes only and can be written before its parents are there, several layers at once
/// (overlay2, aufs). Otherwise a layer starts as its parent's copy or snapshot, and layers are written in chain order
/// (vfs, btrfs, zfs, devicemapper).
/// </param>
/// <param name="MaxParents">The most layers that one mount can stack; 0: no limit.</param>
/// <param name="SizeLimit">Whether a writable layer can be given a size limit.</param>
public sealed record StorageDriverTraits(bool WritesWithoutParents, int MaxParents = 0, bool SizeLimit = false);
