namespace Strake.Layers;

/// <summary>What an ingest works with.</summary>
/// <param name="Driver">Keeps the layers.</param>
/// <param name="Records">Their records.</param>
/// <param name="Files">Their split records.</param>
/// <param name="Holds">Who needs which chain.</param>
/// <param name="Intake">The way from bytes to place.</param>
/// <param name="Slots">As many layers are received at once, in all ingests.</param>
sealed record IngestTools(
    IStorageDriver Driver, LayerRecords Records, LayerFiles Files, LayerHolds Holds, ILayerIntake Intake, SemaphoreSlim Slots);
