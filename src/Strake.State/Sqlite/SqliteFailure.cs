namespace Strake.State.Sqlite;

/// <summary>A result of SQLite that is not success, with all that it says about it; what it means to a user is decided here, once.</summary>
/// <param name="Code">The extended result code; its low byte is the primary one.</param>
/// <param name="Errno">The errno behind it, or 0.</param>
/// <param name="Message">SQLite's own words.</param>
readonly record struct SqliteFailure(int Code, int Errno, string Message)
{
    const int PermissionErrno = 1; // EPERM
    const int AccessErrno = 13; // EACCES
    const int NoSpaceErrno = 28; // ENOSPC
    const int QuotaErrno = 122; // EDQUOT

    /// <summary>The exception for it.</summary>
    /// <param name="operation">What was tried: <c>open</c>, <c>commit</c>.</param>
    /// <param name="path">The database file.</param>
    public StrakeException ToException(string operation, string path)
    {
        var what = $"state store {path}: {operation}";
        var cause = Errno == 0 ? $"{Message} (SQLite {Code})" : $"{Message} (SQLite {Code}, errno {Errno})";
        return (Code & 0xff) switch
        {
            SqliteNative.Full => NoSpace(what, cause),
            SqliteNative.IoError when Errno is NoSpaceErrno or QuotaErrno => NoSpace(what, cause),
            SqliteNative.IoError => StrakeException.Unavailable(
                $"{what}: the disk failed: {cause}; nothing of this change is visible; see the kernel log (dmesg)"),
            SqliteNative.Busy => StrakeException.Unavailable(
                $"{what}: another daemon uses this store; stop it, or start with another --data-root"),
            SqliteNative.Corrupt or SqliteNative.NotADatabase => StrakeException.DataLoss(
                $"{what}: the file is damaged: {cause}; stop the daemon, keep a copy of the file and its -wal, "
                + $"then put back a backup or try: sqlite3 {path} .recover"),
            SqliteNative.CannotOpen when Errno is PermissionErrno or AccessErrno => StrakeException.PermissionDenied(
                $"{what}: {cause}; the daemon needs to read and write it"),
            SqliteNative.ReadOnly => StrakeException.PermissionDenied(
                $"{what}: {cause}; the file or its file system cannot be written"),
            SqliteNative.CannotOpen => StrakeException.Unavailable($"{what}: {cause}"),
            _ => StrakeException.Internal($"{what}: {cause}"),
        };
    }

    static StrakeException NoSpace(string what, string cause) =>
        StrakeException.Exhausted($"{what}: no space left: {cause}; free space on its file system and repeat, no restart is needed");
}
