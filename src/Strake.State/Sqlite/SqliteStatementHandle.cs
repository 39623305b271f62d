using System.Runtime.InteropServices;

namespace Strake.State.Sqlite;

/// <summary>A <c>sqlite3_stmt*</c>.</summary>
sealed class SqliteStatementHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        // Finalize repeats the error of the last step, which has been reported; the statement is gone in any case.
        _ = SqliteNative.Finalize(handle);
        return true;
    }
}
