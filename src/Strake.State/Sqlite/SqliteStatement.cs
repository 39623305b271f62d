using System.Runtime.InteropServices;
using System.Text;
using static Strake.State.Sqlite.SqliteNative;

namespace Strake.State.Sqlite;

/// <summary>A compiled statement: bind (parameters from 1), step through its rows, read columns (from 0), reset.</summary>
sealed class SqliteStatement(SqliteConnection connection, SqliteStatementHandle handle, string sql) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        connection.Check(BindInteger(handle, index, value), sql);
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        // A key has at most 512 bytes; other text here is shorter.
        Span<byte> buffer = stackalloc byte[StateLimits.KeyBytes];
        var length = Encoding.UTF8.GetBytes(value, buffer);
        connection.Check(BindText(handle, index, buffer, length, Transient), sql);
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span may have a null address, which SQLite would take for NULL.
        connection.Check(
            value.IsEmpty ? BindZeroBlob(handle, index, 0) : BindBlob(handle, index, value, value.Length, Transient), sql);
        return this;
    }

    public SqliteStatement BindNothing(int index)
    {
        connection.Check(BindNull(handle, index), sql);
        return this;
    }

    /// <summary>Goes to the next row; false after the last, where a further step would run the statement again.</summary>
    public bool Step()
    {
        var result = SqliteNative.Step(handle);
        connection.Check(result, sql);
        return result == Row;
    }

    /// <summary>Runs a statement that has no rows, and makes it ready for the next time, after a failure too.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
                // Rows of a statement that is run for its effect are of no interest.
            }
        }
        finally
        {
            Reset();
        }
    }

    // The result repeats the last step's, which has been reported.
    public void Reset() => _ = SqliteNative.Reset(handle);

    public bool IsNull(int column) => ColumnType(handle, column) == TypeNull;

    public long Integer(int column) => ColumnInteger(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public byte[] Blob(int column) => Bytes(column).ToArray();

    public void Dispose() => handle.Dispose();

    // Valid until the next step. column_blob of a text gives its bytes.
    unsafe ReadOnlySpan<byte> Bytes(int column)
    {
        var address = ColumnBlob(handle, column);
        return MemoryMarshal.CreateReadOnlySpan(ref *(byte*)address, address == 0 ? 0 : ColumnBytes(handle, column));
    }
}
