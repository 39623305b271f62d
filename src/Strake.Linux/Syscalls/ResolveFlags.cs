namespace Strake.Linux;

/// <summary>What resolving a path may not do (<c>openat2(2)</c>).</summary>
[Flags]
public enum ResolveFlags
{
    /// <summary>As openat.</summary>
    None = 0,

    /// <summary>RESOLVE_NO_XDEV: crossing a mount, a bind mount too, is EXDEV.</summary>
    NoXdev = 0x01,

    /// <summary>RESOLVE_NO_MAGICLINKS: following a link such as /proc/self/fd/3 is ELOOP.</summary>
    NoMagicLinks = 0x02,

    /// <summary>RESOLVE_NO_SYMLINKS: following any symbolic link is ELOOP; implies <see cref="NoMagicLinks"/>.</summary>
    NoSymlinks = 0x04,

    /// <summary>RESOLVE_BENEATH: leaving the directory, by <c>..</c>, an absolute path or a link, is EXDEV.</summary>
    Beneath = 0x08,

    /// <summary>RESOLVE_IN_ROOT: the directory is the root of everything, as after chroot.</summary>
    InRoot = 0x10,
}
