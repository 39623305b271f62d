using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static Strake.State.Sqlite.SqliteNative;

namespace Strake.State.Sqlite;

/// <summary>One connection to one database file. For one thread at a time; every failure is a <see cref="StrakeException"/>.</summary>
sealed class SqliteConnection : IDisposable
{
    // STRICT tables. Debian 12 has 3.40.
    const int OldestVersion = 3_037_000;

    readonly SqliteConnectionHandle _handle;
    // An int that SQLite's hook writes; pinned, for the hook has its address.
    readonly byte[] _walPages = GC.AllocateUninitializedArray<byte>(sizeof(int), pinned: true);

    SqliteConnection(SqliteConnectionHandle handle, string path) => (_handle, Path) = (handle, path);

    public string Path { get; }

    /// <summary>Pages in the write-ahead log after the last commit.</summary>
    public int WalPages => BitConverter.ToInt32(_walPages);

    /// <summary>False inside of a transaction.</summary>
    public bool IsIdle => GetAutocommit(_handle) != 0;

    /// <summary>Opens an existing file; an empty one is an empty database.</summary>
    public static unsafe SqliteConnection Open(string path)
    {
        var version = VersionNumber();
        if (version < OldestVersion)
            throw StrakeException.NotSupported($"state store {path}: the system's SQLite is {version}; {OldestVersion} or later is needed");

        var result = SqliteNative.Open(path, out var handle, OpenReadWrite | OpenNoMutex | OpenExtendedResultCodes, vfs: 0);
        var connection = new SqliteConnection(handle, path);
        try
        {
            connection.Check(result, "open");
            connection._walPages.AsSpan().Clear();
            var pages = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(connection._walPages));
            // Takes the place of SQLite's own hook, the automatic checkpoint; PRAGMA wal_autocheckpoint would take this one's.
            _ = WalHook(handle, &OnWalCommit, pages);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Compiles a statement; the caller disposes it.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        var result = SqliteNative.Prepare(_handle, bytes, bytes.Length, PreparePersistent, out var statement, tail: 0);
        if (result == Ok) return new SqliteStatement(this, statement, sql);
        statement.Dispose();
        throw Failure(result).ToException(sql, Path);
    }

    /// <summary>Runs one statement to its end.</summary>
    /// <returns>The integer in its first column of its first row; 0 when it has no row.</returns>
    public long Execute(string sql)
    {
        using var statement = Prepare(sql);
        var row = statement.Step();
        var value = row ? statement.Integer(0) : 0;
        // A pragma may have more rows than are of interest. (A step after the last row would run the statement again.)
        while (row) row = statement.Step();
        return value;
    }

    /// <summary>Moves what the write-ahead log holds into the database file, and syncs both.</summary>
    public void Checkpoint() => Check(WalCheckpoint(_handle, database: null, CheckpointPassive, out _, out _), "checkpoint");

    public void Dispose() => _handle.Dispose();

    /// <summary>Throws unless the result is success.</summary>
    public void Check(int result, string operation)
    {
        if (result is not (Ok or Row or Done)) throw Failure(result).ToException(operation, Path);
    }

    SqliteFailure Failure(int result) => _handle.IsInvalid
        ? new(result, 0, "out of memory")
        : new(result, SystemErrno(_handle), Marshal.PtrToStringUTF8(ErrorMessage(_handle)) ?? "");

    [UnmanagedCallersOnly]
    static unsafe int OnWalCommit(nint context, nint connection, nint database, int pages)
    {
        *(int*)context = pages;
        return Ok;
    }
}
