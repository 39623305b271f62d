using Strake.Linux;

namespace Strake.Layers;

/// <summary>Overlays that the program <c>fuse-overlayfs</c> mounts and serves, for hosts whose kernel mounts none where layers lie.</summary>
static class FuseOverlay
{
    /// <summary>The program's name.</summary>
    public const string Name = "fuse-overlayfs";

    // dev: as in any overlay, devices work unless the container's own rules say no. writeback=0: what was written is in the layer's directory when the
    // write returns, where a commit or a copy reads it; else it may be in the page cache of the mount alone.
    const string Options = ",dev,writeback=0";

    /// <summary>The mount of a stack.</summary>
    /// <param name="program">The program's path.</param>
    /// <param name="home">The directory from which the stack's paths lead: the program knows no escape for a colon in a path.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="name">What mountinfo shows as its source, where the kernel's overlays show their directories: whoever looks for a layer's mounts finds it.</param>
    /// <param name="target">Where.</param>
    /// <param name="flags">How.</param>
    public static Mount Mount(string program, string home, OverlayOptions stack, string name, string target, MountFlags flags) =>
        new("fuse.fuse-overlayfs", name, target, flags, $"{stack}{Options},fsname={name}") { Base = home, Program = program };
}
