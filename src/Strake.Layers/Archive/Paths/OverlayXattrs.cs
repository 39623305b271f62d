using Strake.Linux;

namespace Strake.Layers.Archive.Paths;

/// <summary>
/// The attributes by which overlayfs marks directories. Inside a user namespace nobody may set <c>trusted.*</c>; overlays are mounted with <c>userxattr</c>
/// there and use <c>user.*</c>.
/// </summary>
static class OverlayXattrs
{
    /// <summary>Whether overlays must be mounted with <c>userxattr</c>.</summary>
    public static bool AreUsers { get; } = !UserNamespace.IsInitial;

    /// <summary>Whether an attribute is an overlay's, the kernel's or fuse-overlayfs's: it is about where a file lies, and no property of the file.</summary>
    /// <param name="name">Its name, with or without a NUL.</param>
    public static bool Include(ReadOnlySpan<byte> name) =>
        name.StartsWith("trusted.overlay."u8) || name.StartsWith("user.overlay."u8) || name.StartsWith("user.fuseoverlayfs."u8);

    /// <summary>The one that makes a directory hide all below it; ends with NUL.</summary>
    public static ReadOnlySpan<byte> Opaque => AreUsers ? "user.overlay.opaque\0"u8 : "trusted.overlay.opaque\0"u8;

    /// <summary>The one of a directory that was renamed under <c>redirect_dir</c>; ends with NUL.</summary>
    public static ReadOnlySpan<byte> Redirect => AreUsers ? "user.overlay.redirect\0"u8 : "trusted.overlay.redirect\0"u8;
}
