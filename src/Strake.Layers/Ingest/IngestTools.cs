namespace Strake.Layers;

/// <summary>What an ingest works with.</summary>
/// <param name="Records">The layers' records.</param>
/// <param name="Splits">Mends their split records.</param>
/// <param name="Flush">Brings them to disk.</param>
/// <param name="Holds">Who needs which chain.</param>
/// <param name="Intake">The way from bytes to place.</param>
/// <param name="Slots">As many layers are received at once, in all ingests.</param>
sealed record IngestTools(LayerRecords Records, SplitRepair Splits, LayerFlush Flush, LayerHolds Holds, ILayerIntake Intake, SemaphoreSlim Slots);
