namespace Strake.State.Sqlite;

/// <summary>
/// A file that is there to be given up: when the disk is full, its space lets the commits through with which users make
/// room (removing a container or a volume needs a record of it first). Taken again as soon as there is space.
/// </summary>
/// <param name="path">Beside the database, for its space must be on the same file system.</param>
sealed class DiskReserve(string path)
{
    // A commit appends a few pages of 4 KiB to the log: enough for some hundred of them.
    const long SizeBytes = 1 << 20;

    bool _held;

    /// <summary>Takes the space, unless it is held; where there is none, that is for the next call.</summary>
    public void Hold()
    {
        if (_held) return;
        try
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                PreallocationSize = SizeBytes,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            _held = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full still. Whoever commits meets that himself.
        }
    }

    /// <summary>Gives the space up.</summary>
    /// <returns>Whether there was any to give.</returns>
    public bool TryRelease()
    {
        if (!_held) return false;
        _held = false;
        File.Delete(path);
        return true;
    }
}
