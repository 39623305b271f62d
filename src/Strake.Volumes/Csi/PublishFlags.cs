using Strake.Linux;

namespace Strake.Volumes;

/// <summary>The mount options that a volume can be published with: those of a mount, not of a file system, for several publish one. Pure.</summary>
public static class PublishFlags
{
    static readonly Dictionary<string, MountAttributes> s_known = new(StringComparer.Ordinal)
    {
        ["rw"] = MountAttributes.None,
        ["suid"] = MountAttributes.None,
        ["dev"] = MountAttributes.None,
        ["exec"] = MountAttributes.None,
        ["relatime"] = MountAttributes.None,
        ["defaults"] = MountAttributes.None,
        ["ro"] = MountAttributes.ReadOnly,
        ["nosuid"] = MountAttributes.NoSetUid,
        ["nodev"] = MountAttributes.NoDevices,
        ["noexec"] = MountAttributes.NoExecute,
        ["noatime"] = MountAttributes.NoAccessTime,
        ["strictatime"] = MountAttributes.StrictAccessTime,
        ["nodiratime"] = MountAttributes.NoDirectoryAccessTime,
        ["nosymfollow"] = MountAttributes.NoSymlinkFollow,
    };

    /// <summary>Why options cannot be had; null: they can.</summary>
    public static string? WhyNot(IEnumerable<string> flags) =>
        flags.SelectMany(Split).FirstOrDefault(static flag => !s_known.ContainsKey(flag)) is { } unknown
            ? $"the mount option '{unknown}' is none of {string.Join(", ", s_known.Keys)}"
            : null;

    /// <summary>What options mean.</summary>
    public static MountAttributes Parse(IEnumerable<string> flags) =>
        flags.SelectMany(Split).Aggregate(MountAttributes.None, static (all, flag) => all | s_known[flag]);

    static IEnumerable<string> Split(string flags) => flags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
