using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Copies what a file has beside its content. The order matters: a change of owner clears set-user-ID bits and file capabilities, so the mode and the
/// attributes come after it; all of these change times, which come last.
/// </summary>
sealed class MetadataCopy
{
    public long SkippedXattrs { get; private set; }

    public void Copy(SafeFileHandle source, SafeFileHandle target, in FileStat stat)
    {
        Syscall.Chown(target, stat.Uid, stat.Gid);
        foreach (var name in Syscall.ListXattr(source))
            CopyXattr(source, target, name);

        // A link has no mode.
        if (stat.Kind != FileKind.SymbolicLink)
            Syscall.Chmod(target, stat.Mode);

        Syscall.Utimens(target, stat.AccessTime, stat.ModifyTime);
    }

    // For what cannot be opened without an effect: links, devices, fifos, sockets.
    public void CopyAt(SafeFileHandle sourceDirectory, SafeFileHandle targetDirectory, ReadOnlySpan<byte> name, in FileStat stat)
    {
        using var source = Syscall.OpenAt(sourceDirectory, name, OpenFlags.Path | OpenFlags.NoFollow);
        using var target = Syscall.OpenAt(targetDirectory, name, OpenFlags.Path | OpenFlags.NoFollow);
        Copy(source, target, stat);
    }

    void CopyXattr(SafeFileHandle source, SafeFileHandle target, ReadOnlySpan<byte> name)
    {
        // Gone since it was listed: nothing to copy.
        if (Syscall.TryGetXattr(source, name) is not { } value)
            return;

        try
        {
            Syscall.SetXattr(target, name, value);
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            SkippedXattrs++;
        }
    }
}
