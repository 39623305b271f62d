namespace Strake.Linux;

/// <summary>One line of mountinfo (<c>proc(5)</c>), as <see cref="MountTable"/> parses it. Names that are not UTF-8 show U+FFFD.</summary>
/// <param name="MountId">Unique while the mount lives; may be used again then.</param>
/// <param name="ParentId">The mount that this one lies on; its own at the top of the tree.</param>
/// <param name="Device">The device of its files, as stat has it.</param>
/// <param name="Root">The directory of the file system that is mounted; not <c>/</c> for a bind.</param>
/// <param name="MountPoint">Where it is, from the process's root.</param>
/// <param name="Options">The options of the mount: <c>rw,nosuid,relatime</c>.</param>
/// <param name="OptionalFields">Propagation: <c>shared:1 master:2</c>; empty for a private mount.</param>
/// <param name="Type">The file system's type, such as <c>ext4</c> or <c>fuse.sshfs</c>.</param>
/// <param name="Source">What the file system says it is made of.</param>
/// <param name="SuperOptions">The options of the file system.</param>
public sealed record MountEntry(
    int MountId,
    int ParentId,
    DeviceNumber Device,
    string Root,
    string MountPoint,
    string Options,
    string OptionalFields,
    string Type,
    string Source,
    string SuperOptions)
{
    /// <summary>Whether the mount is read-only.</summary>
    public bool IsReadOnly => string.Equals(Options, "ro", StringComparison.Ordinal) || Options.StartsWith("ro,", StringComparison.Ordinal);
}
