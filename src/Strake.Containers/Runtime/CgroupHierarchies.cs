using Strake.Linux;

namespace Strake.Containers;

/// <summary>Where the kernel's cgroup hierarchies are mounted: one of version 2, or one for each controller of version 1.</summary>
/// <param name="IsUnified">Whether version 2 alone is in use.</param>
/// <param name="Roots">Mount points of all hierarchies that containers are put into.</param>
/// <param name="UnifiedBeside">
/// Mount point of a version 2 hierarchy that stands beside those of version 1, as systemd's hybrid mode has it; null: none.
/// </param>
sealed record CgroupHierarchies(bool IsUnified, IReadOnlyList<CgroupRoot> Roots, string? UnifiedBeside)
{
    const string Top = "/sys/fs/cgroup";

    /// <summary>Looks at the host's mounts.</summary>
    public static CgroupHierarchies Read() => Of(MountTable.Read());

    /// <summary>The hierarchies in a table of mounts. Pure.</summary>
    public static CgroupHierarchies Of(IReadOnlyList<MountEntry> mounts)
    {
        MountEntry[] own = [.. mounts.Where(static m => m.MountPoint == Top || m.MountPoint.StartsWith(Top + "/", StringComparison.Ordinal))];
        if (own.Any(static m => m.MountPoint == Top && m.Type == "cgroup2"))
            return new(true, [new CgroupRoot(Top, [])], UnifiedBeside: null);

        CgroupRoot[] legacy =
        [
            .. own.Where(static m => m.Type == "cgroup")
                .Select(static m => new CgroupRoot(m.MountPoint, m.SuperOptions.Split(',')))
                .DistinctBy(static root => root.MountPoint),
        ];
        return new(false, legacy, own.FirstOrDefault(static m => m.Type == "cgroup2")?.MountPoint);
    }

    /// <summary>Mount points of all hierarchies in which a runtime may make a container's cgroup; runc does so in the one beside, too.</summary>
    public IEnumerable<string> MountPoints => Roots.Select(static root => root.MountPoint).Concat(UnifiedBeside is { } beside ? [beside] : []);

    /// <summary>Mount point of a controller's hierarchy; that of version 2 where it is the only one; null when there is none.</summary>
    public string? PathOf(string controller) =>
        IsUnified ? Top : Roots.FirstOrDefault(root => root.Controllers.Contains(controller))?.MountPoint;
}
