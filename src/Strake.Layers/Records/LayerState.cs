namespace Strake.Layers;

/// <summary>Where a layer stands between nothing and nothing.</summary>
/// <remarks>
/// <code>
///              writable layer                          image layer
///
///   Preparing  its directory is being made             its directory is being made
///       │                                                  │
///   Active     it can be mounted and written ───┐      its content is being received
///       │                                       │          │
///       │                                       │      Sealing     complete, being laid on its parents and written to disk
///       │                                       │          │
///       │                                       └────▶ Committed   found under its chain; unchangeable and durable
///       │                                                  │
///   Removing   its directory is being removed          Removing    found by nobody; its directory is being removed
///
/// What a restart does:  Preparing, Removing                        removed
///                       Active      of a writable layer            kept; its directory is completed if need be, and the split record
///                                                                  removed that was written before it could become an image's
///                       Active, Sealing   of an image layer        removed: the ingest that filled it died
///                       Committed                                  kept; removed if nothing refers to it
/// </code>
/// </remarks>
enum LayerState
{
    Preparing,
    Active,
    Sealing,
    Committed,
    Removing,
}
