using System.Runtime.InteropServices;

namespace Strake.State.Sqlite;

/// <summary>A <c>sqlite3*</c>. SQLite gives one even where opening failed (to ask for the error), and it must be closed too.</summary>
sealed class SqliteConnectionHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    // close_v2 waits for the last statement's finalize, so that the order of finalizers does not matter.
    protected override bool ReleaseHandle() => SqliteNative.Close(handle) == SqliteNative.Ok;
}
