using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>The options of the devicemapper driver, as users write them.</summary>
static class DeviceMapperSettings
{
    static readonly DeviceMapperOptions s_usual = new();

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "dm.thinpooldev", "dm.basesize", "dm.fs", "dm.loopdatasize", "dm.loopmetadatasize", "dm.use_deferred_removal", "dm.blkdiscard", "dm.min_free_space",
    ];

    /// <summary>What they say.</summary>
    /// <exception cref="StrakeException">Invalid: one has a value that is none.</exception>
    public static DeviceMapperOptions Of(StorageSettings settings) => new()
    {
        ThinPool = settings.Text("dm.thinpooldev"),
        BaseSizeBytes = settings.Size("dm.basesize") ?? s_usual.BaseSizeBytes,
        FileSystem = settings.Text("dm.fs") ?? s_usual.FileSystem,
        LoopDataBytes = settings.Size("dm.loopdatasize") ?? s_usual.LoopDataBytes,
        LoopMetadataBytes = settings.Size("dm.loopmetadatasize") ?? s_usual.LoopMetadataBytes,
        RemovesDeferred = settings.Switch("dm.use_deferred_removal") ?? s_usual.RemovesDeferred,
        Discards = settings.Switch("dm.blkdiscard"),
        MinFreePercent = settings.Percent("dm.min_free_space") ?? s_usual.MinFreePercent,
    };
}
