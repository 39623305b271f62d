namespace Strake.Layers;

/// <summary>In what storage drivers differ, as far as their callers must know.</summary>
/// <param name="WritesWithoutParents">
/// A layer holds its own changes only and can be written before its parents are there, several layers at once
/// (overlay2, aufs). Otherwise a layer starts as its parent's copy or snapshot, and layers are written in chain order
/// (vfs, btrfs, zfs, devicemapper).
/// </param>
/// <param name="MaxParents">The most layers that one mount can stack; 0: no limit.</param>
/// <param name="SizeLimit">Whether a layer can be given a size limit (<see cref="IStorageDriver.LimitSize"/>); known after the probe.</param>
/// <param name="SealsWritable">
/// What is written through a mount lies on disk as the content of an image's layer does, removals included: a writable layer
/// that nobody writes to any more can become an image's where it is. Otherwise its changes are copied out.
/// </param>
/// <param name="OwnFileSystems">
/// Each layer is a file system of its own, which cannot be removed while a mount of it is held anywhere: even one that is out of the tree already.
/// </param>
public sealed record StorageDriverTraits(
    bool WritesWithoutParents, int MaxParents = 0, bool SizeLimit = false, bool SealsWritable = false, bool OwnFileSystems = false);
