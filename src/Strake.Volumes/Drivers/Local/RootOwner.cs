using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Owner and mode that a volume's root was asked to have; null: as it is made.</summary>
/// <param name="Uid">The user.</param>
/// <param name="Gid">The group.</param>
/// <param name="Mode">The permission bits.</param>
sealed record RootOwner(uint? Uid, uint? Gid, UnixFileMode? Mode)
{
    /// <summary>Sets them on a directory. Idempotent.</summary>
    public void Apply(SafeFileHandle directory)
    {
        if (Uid is not null || Gid is not null)
            Syscall.Chown(directory, Uid ?? Syscall.KeepOwner, Gid ?? Syscall.KeepOwner);
        // A change of owner takes the set-ID bits away, so the mode comes last.
        if (Mode is { } mode)
            Syscall.Chmod(directory, mode);
    }
}
