namespace Strake.State.Sqlite;

/// <summary>
/// The shape of the database file:
/// <code>
/// strake.db                       mode 0600, WAL, application_id "Strk", user_version 1
/// ├── version                     every write of a key: what history is made of; a write goes to its end
/// │   ├── id        INTEGER       revision &lt;&lt; 14 | place in its transaction
/// │   ├── created   INTEGER       revision at which the key came into being; 0 in a tombstone
/// │   ├── previous  INTEGER NULL  id of the version that this one replaced; null: it made the key
/// │   ├── key       TEXT          UTF-8
/// │   └── value     BLOB NULL     null: a tombstone, the key was deleted
/// ├── entry                       the present keys: what is loaded at start
/// │   ├── key       TEXT
/// │   └── id        INTEGER       its newest version
/// └── meta
///     ├── name      TEXT          compacted: history up to this revision is gone
///     └── value                   boot: the boot of the machine in which the store was last opened
/// strake.db-wal                   commits since the last checkpoint
/// </code>
/// </summary>
/// <remarks>
/// The revision is not stored: it is that of the last version, or <c>compacted</c> if that is later. A value is written once, also when
/// history keeps it; compaction finds what a version replaced by <c>previous</c>, so that it costs what it removes.
/// </remarks>
static class StateSchema
{
    // "Strk": so that file(1) and we know whose database it is.
    const long ApplicationId = 0x5374726b;
    const long Version = 1;

    /// <summary>Bits of an id below the revision: 16,384 places, of which a transaction uses up to 10,000.</summary>
    public const int PlaceBits = 14;

    static readonly string[] s_tables =
    [
        "CREATE TABLE version(id INTEGER PRIMARY KEY, created INTEGER NOT NULL, previous INTEGER, key TEXT NOT NULL, value BLOB) STRICT",
        "CREATE TABLE entry(key TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO meta VALUES ('compacted', 0), ('boot', '')",
        $"PRAGMA application_id = {ApplicationId}",
        $"PRAGMA user_version = {Version}",
    ];

    static readonly string[] s_settings =
    [
        // One process has the store, whole: another one is refused at open, and SQLite needs neither a lock a transaction nor a shared
        // memory file. fsck and everything else beside the daemon asks the daemon. (The lock is fcntl's: it is gone with the process,
        // however that ends, and no child inherits it; but closing any other descriptor of the file in this process would drop it.)
        "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA journal_size_limit = 16777216",
        // Reads go to memory of ours; SQLite's cache serves the tree pages that a write touches. KiB.
        "PRAGMA cache_size = -1024",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA cell_size_check = ON",
    ];

    /// <summary>Takes the file for this process, checks whose it is, and makes the tables in an empty one.</summary>
    /// <exception cref="StrakeException">
    /// <see cref="ErrorKind.Unavailable"/>: another process has it. <see cref="ErrorKind.DataLoss"/>: damaged, or no database.
    /// <see cref="ErrorKind.NotSupported"/>: someone else's, or of a later version.
    /// </exception>
    public static void Prepare(SqliteConnection connection)
    {
        foreach (var setting in s_settings) connection.Execute(setting);

        // The first write of the connection: from here on the file is locked.
        connection.Execute("BEGIN IMMEDIATE");
        var application = connection.Execute("PRAGMA application_id");
        var version = connection.Execute("PRAGMA user_version");
        if (application == 0 && version == 0 && connection.Execute("SELECT count(*) FROM sqlite_schema") == 0)
        {
            foreach (var statement in s_tables) connection.Execute(statement);
        }
        else if (application != ApplicationId)
        {
            throw StrakeException.NotSupported($"state store {connection.Path}: a database, but not a Strake store; move it away");
        }
        else if (version != Version)
        {
            throw StrakeException.NotSupported(
                $"state store {connection.Path}: its schema is version {version}, this daemon knows {Version}; use the daemon that wrote it");
        }

        connection.Execute("COMMIT");
    }
}
