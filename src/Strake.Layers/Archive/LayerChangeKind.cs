namespace Strake.Layers.Archive;

/// <summary>What became of a path. The values are those of Docker's API.</summary>
public enum LayerChangeKind
{
    /// <summary>It was there and is different: C.</summary>
    Modified = 0,

    /// <summary>It is new: A.</summary>
    Added = 1,

    /// <summary>It is gone: D.</summary>
    Deleted = 2,
}
