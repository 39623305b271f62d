using Strake.Linux;

namespace Strake.Containers.Mounts;

/// <summary>Whether the mount that a bind's source lies on can pass mounts on to the container, or take them from it. Pure.</summary>
static class SourcePropagation
{
    /// <summary>Whether a propagation leaves the two sides apart: nothing has to be asked of the source then.</summary>
    public static bool IsPrivate(string propagation) => propagation is "" or "private" or "rprivate";

    /// <summary>Checks the source's mount.</summary>
    /// <param name="source">The source, without links.</param>
    /// <param name="propagation">What the bind asks for.</param>
    /// <param name="mounts">The host's mounts.</param>
    /// <exception cref="StrakeException">Invalid, in Docker's words: the mount is private, so that what was asked for would not happen.</exception>
    public static void Check(string source, string propagation, IReadOnlyList<MountEntry> mounts)
    {
        if (IsPrivate(propagation) || MountOf(source, mounts) is not { } mount)
            return;
        bool sends = mount.OptionalFields.Contains("shared:", StringComparison.Ordinal);
        bool receives = sends || mount.OptionalFields.Contains("master:", StringComparison.Ordinal);
        if (propagation is "shared" or "rshared" && !sends)
            throw StrakeException.Invalid($"path {source} is mounted on {mount.MountPoint} but it is not a shared mount");
        if (!receives)
            throw StrakeException.Invalid($"path {source} is mounted on {mount.MountPoint} but it is not a shared or slave mount");
    }

    // The later of two mounts at one place covers the earlier.
    static MountEntry? MountOf(string source, IReadOnlyList<MountEntry> mounts) => mounts
        .Where(mount => ContainerPath.IsAtOrBelow(source, mount.MountPoint))
        .Aggregate((MountEntry?)null, static (best, mount) => best is null || mount.MountPoint.Length >= best.MountPoint.Length ? mount : best);
}
