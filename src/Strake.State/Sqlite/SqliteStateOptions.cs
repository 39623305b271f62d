namespace Strake.State.Sqlite;

/// <summary>Where a store keeps its records, and its bounds.</summary>
/// <param name="Path">The database file; made (mode 0600) if missing, its folder must exist. Beside it stands <c>Path-wal</c>.</param>
public sealed record SqliteStateOptions(string Path)
{
    /// <summary>How many revisions of history are kept for watches; at least these, and some hundreds more between compactions.</summary>
    public int HistoryRevisions { get; init; } = 10_000;

    /// <summary>Bytes of history beyond which less than <see cref="HistoryRevisions"/> is kept.</summary>
    public long HistoryBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of keys and values of present entries beyond which puts are refused: they are all held in memory, so that this bounds it.
    /// </summary>
    public long CapacityBytes { get; init; } = 256 << 20;
}
