using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// Gives files what their entries say of them. The order is the kernel's: a change of owner takes set-user-ID bits and capabilities away,
/// as a write does, so the mode and the attributes come after both, and times last.
/// </summary>
sealed class FileMetadata(ExtractionRules rules, ExtractionNotes notes)
{
    /// <summary>An attribute by which a directory decides on the rights of what is made in it: set when nothing is made any more.</summary>
    public static ReadOnlySpan<byte> DefaultAcl => "system.posix_acl_default"u8;

    /// <summary>Whose the file will be.</summary>
    /// <exception cref="StrakeException">Invalid: the entry's numbers are none that a kernel takes.</exception>
    public FileOwner Owner(TarEntry entry)
    {
        if (rules.Owner is { } given) return given;
        // The largest number means "leave it" to chown.
        if (entry.Uid is < 0 or >= uint.MaxValue || entry.Gid is < 0 or >= uint.MaxValue)
            throw StrakeException.Invalid($"an owner of {entry.Uid}:{entry.Gid}");
        return new FileOwner((uint)entry.Uid, (uint)entry.Gid);
    }

    /// <summary>All but the times of an open regular file or directory. A call is made only where something is not yet right: most files are root's.</summary>
    public void Apply(SafeFileHandle file, TarEntry entry, EntryPath path, in FileStat stat)
    {
        var owner = Owner(entry);
        var changesOwner = stat.Uid != owner.Uid || stat.Gid != owner.Gid;
        if (changesOwner) Syscall.Chown(file, owner.Uid, owner.Gid);
        if (stat.Mode != entry.Mode || (changesOwner && HasSetId(entry.Mode))) Syscall.Chmod(file, entry.Mode);
        foreach (var xattr in entry.Xattrs)
        {
            if (entry.Type == TarEntryType.Directory && xattr.Name.Span.SequenceEqual(DefaultAcl)) continue;
            Set(xattr, path, x => Syscall.SetXattr(file, PathBytes.Terminate(x.Name.Span), x.Value.Span));
        }
    }

    /// <summary>Owner, attributes and times of what is not opened: links, devices, fifos. Their mode, but for links, was set when they were made.</summary>
    public void ApplyAt(SafeFileHandle directory, TarEntry entry, EntryPath path)
    {
        var name = path.Terminated.AsMemory(path.Terminated.Length - path.NameTerminated.Length);
        var owner = Owner(entry);
        Syscall.ChownAt(directory, name.Span, owner.Uid, owner.Gid);
        // Another call than mknod, which leaves the umask's bits out.
        if (entry.Type != TarEntryType.SymbolicLink) Syscall.ChmodAt(directory, name.Span, entry.Mode);
        foreach (var xattr in entry.Xattrs)
            Set(xattr, path, x => Syscall.SetXattrAt(directory, name.Span, PathBytes.Terminate(x.Name.Span), x.Value.Span));
        var time = Time(entry);
        Syscall.UtimensAt(directory, name.Span, time, time);
    }

    /// <summary>
    /// Owner and mode of a directory that has no entry. Neither the process's umask nor a set-group-ID bit of the directory above has a
    /// say in what everyone may pass.
    /// </summary>
    public static void ApplyImplied(SafeFileHandle directory, FileOwner owner)
    {
        var stat = Syscall.Stat(directory, StatFields.Basic);
        if (stat.Uid != owner.Uid || stat.Gid != owner.Gid) Syscall.Chown(directory, owner.Uid, owner.Gid);
        if (stat.Mode != Permissions.Octal0755) Syscall.Chmod(directory, Permissions.Octal0755);
    }

    /// <summary>Takes off a directory that stood already what the entry does not give it: the entry says all of its attributes.</summary>
    public static void RemoveOtherXattrs(SafeFileHandle directory, TarEntry entry)
    {
        foreach (var name in Syscall.ListXattr(directory))
        {
            var plain = name[..^1];
            if (OverlayXattrs.Include(plain)) continue;
            var given = false;
            foreach (var xattr in entry.Xattrs) given |= xattr.Name.Span.SequenceEqual(plain);
            if (!given) Syscall.RemoveXattr(directory, name);
        }
    }

    /// <summary>An entry's <see cref="DefaultAcl"/>; null when it has none.</summary>
    public static TarXattr? DefaultAclOf(TarEntry entry)
    {
        foreach (var xattr in entry.Xattrs)
        {
            if (xattr.Name.Span.SequenceEqual(DefaultAcl)) return xattr;
        }
        return null;
    }

    /// <summary>The time of an entry as a file's. Access is given the same one, as Docker does: an archive's would be the archiver's.</summary>
    public static UnixTime Time(TarEntry entry) => new(entry.ModifiedTime.Seconds, entry.ModifiedTime.Nanoseconds);

    static bool HasSetId(UnixFileMode mode) => (mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != UnixFileMode.None;

    public void Set(TarXattr xattr, EntryPath path, Action<TarXattr> set)
    {
        // They would make the kernel see whiteouts, redirects and foreign inodes where the layer has none.
        if (OverlayXattrs.Include(xattr.Name.Span))
        {
            notes.Add($"{path.Display}: attribute {TarName.Display(xattr.Name.Span)} left out: it is the overlay's own");
            return;
        }
        try
        {
            set(xattr);
        }
        catch (LinuxException refused) when (refused.Errno is Errno.EOPNOTSUPP or Errno.EPERM && !xattr.Name.Span.SequenceEqual("security.capability"u8))
        {
            notes.Add($"{path.Display}: attribute {TarName.Display(xattr.Name.Span)} left out: the file system does not take it");
        }
    }
}
