namespace Strake.Layers;

/// <summary>What users say of the devicemapper driver, as <c>--storage-opt dm.…</c>.</summary>
public sealed record DeviceMapperOptions
{
    /// <summary>A thin pool that is there, by its name or its path below /dev/mapper; null: one on loop files of our own (<c>dm.thinpooldev</c>).</summary>
    public string? ThinPool { get; init; }

    /// <summary>How large the file system of a layer is; bytes. Counts when the pool is used first (<c>dm.basesize</c>).</summary>
    public long BaseSizeBytes { get; init; } = 10L << 30;

    /// <summary>Its type: <c>ext4</c> or <c>xfs</c>. Counts when the pool is used first (<c>dm.fs</c>).</summary>
    public string FileSystem { get; init; } = "ext4";

    /// <summary>How large the loop file for data is; bytes, taken as it fills (<c>dm.loopdatasize</c>).</summary>
    public long LoopDataBytes { get; init; } = 100L << 30;

    /// <summary>How large the loop file for the pool's own records is; bytes (<c>dm.loopmetadatasize</c>).</summary>
    public long LoopMetadataBytes { get; init; } = 2L << 30;

    /// <summary>
    /// Whether a layer's device goes by itself with its last mount; otherwise it stays until the layer or the daemon goes
    /// (<c>dm.use_deferred_removal</c>).
    /// </summary>
    public bool RemovesDeferred { get; init; } = true;

    /// <summary>Whether a removed layer's blocks are given back to what the pool lies on; null: where that is a loop file (<c>dm.blkdiscard</c>).</summary>
    public bool? Discards { get; init; }

    /// <summary>How much of the pool must be free for a layer to be made; percent, 0 to 99 (<c>dm.min_free_space</c>).</summary>
    public int MinFreePercent { get; init; } = 10;
}
