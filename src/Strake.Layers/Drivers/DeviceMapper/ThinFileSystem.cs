using Strake.Linux;

namespace Strake.Layers;

/// <summary>The file systems that layers can have on their thin devices.</summary>
/// <param name="Type">As mount(2) has it.</param>
/// <param name="MakeArguments">The arguments of mkfs. Nothing is written that need not be: each block of the base takes space in the pool.</param>
/// <param name="MountData">The options of each mount. What is deleted is given back to the pool at once.</param>
/// <param name="Programs">What it needs on the host.</param>
sealed record ThinFileSystem(string Type, IReadOnlyList<string> MakeArguments, string MountData, IReadOnlyList<string> Programs)
{
    // A thin device reads as zeros where nothing was written, so tables and journal need no zeros from mkfs nor, noinit_itable, from the kernel later.
    static readonly ThinFileSystem Ext4 = new(
        "ext4", ["-q", "-F", "-m", "0", "-E", "nodiscard,lazy_itable_init=1,lazy_journal_init=1"], "noinit_itable,discard", ["mkfs.ext4", "resize2fs"]);

    // A snapshot has its origin's UUID, of which xfs mounts one only unless it is told not to look.
    static readonly ThinFileSystem Xfs = new("xfs", ["-q", "-f", "-K"], "nouuid,discard", ["mkfs.xfs", "xfs_growfs"]);

    /// <summary>The one of a name.</summary>
    /// <exception cref="StrakeException">Invalid: there is none. Unavailable: its programs are not installed.</exception>
    public static ThinFileSystem Named(string name)
    {
        var found = name switch
        {
            "ext4" => Ext4,
            "xfs" => Xfs,
            _ => throw StrakeException.Invalid($"dm.fs={name}: there are ext4 and xfs"),
        };
        return found.Programs.FirstOrDefault(program => HostProgram.Find(program) is null) is { } missing
            ? throw StrakeException.Unavailable($"devicemapper: {missing} is not installed, which dm.fs={name} needs")
            : found;
    }

    /// <summary>Makes one on a device.</summary>
    public void Make(string device) => StorageProgram.Run($"mkfs.{Type}", [.. MakeArguments, device]);

    /// <summary>The mount of a device.</summary>
    public Mount Mount(string device, string target) => new(Type, device, target, MountFlags.None, MountData);

    /// <summary>Has a mounted one take all of its device, which has grown.</summary>
    public void Grow(string device, string target) =>
        StorageProgram.Run(Programs[1], ReferenceEquals(this, Ext4) ? device : target);
}
