using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Options as mount(8) takes them, taken apart: what the kernel takes as flags, and the rest, which the file system reads.</summary>
/// <param name="Flags">The flags, propagation included.</param>
/// <param name="Data">The rest, in its order.</param>
sealed record MountWords(MountFlags Flags, string Data)
{
    // moby/sys/mount, flags_unix.go: what each word sets or clears.
    static readonly Dictionary<string, (bool Clears, MountFlags Flag)> s_words = new(StringComparer.Ordinal)
    {
        ["defaults"] = (false, MountFlags.None),
        ["ro"] = (false, MountFlags.ReadOnly),
        ["rw"] = (true, MountFlags.ReadOnly),
        ["suid"] = (true, MountFlags.NoSetUid),
        ["nosuid"] = (false, MountFlags.NoSetUid),
        ["dev"] = (true, MountFlags.NoDevices),
        ["nodev"] = (false, MountFlags.NoDevices),
        ["exec"] = (true, MountFlags.NoExecute),
        ["noexec"] = (false, MountFlags.NoExecute),
        ["sync"] = (false, MountFlags.Synchronous),
        ["async"] = (true, MountFlags.Synchronous),
        ["dirsync"] = (false, MountFlags.DirectorySync),
        ["atime"] = (true, MountFlags.NoAccessTime),
        ["noatime"] = (false, MountFlags.NoAccessTime),
        ["diratime"] = (true, MountFlags.NoDirectoryAccessTime),
        ["nodiratime"] = (false, MountFlags.NoDirectoryAccessTime),
        ["relatime"] = (false, MountFlags.RelativeAccessTime),
        ["norelatime"] = (true, MountFlags.RelativeAccessTime),
        ["strictatime"] = (false, MountFlags.StrictAccessTime),
        ["nostrictatime"] = (true, MountFlags.StrictAccessTime),
        ["lazytime"] = (false, MountFlags.LazyTime),
        ["nosymfollow"] = (false, MountFlags.NoSymlinkFollow),
        ["bind"] = (false, MountFlags.Bind),
        ["rbind"] = (false, MountFlags.Bind | MountFlags.Recursive),
        ["private"] = (false, MountFlags.Private),
        ["rprivate"] = (false, MountFlags.Private | MountFlags.Recursive),
        ["slave"] = (false, MountFlags.Slave),
        ["rslave"] = (false, MountFlags.Slave | MountFlags.Recursive),
        ["shared"] = (false, MountFlags.Shared),
        ["rshared"] = (false, MountFlags.Shared | MountFlags.Recursive),
        ["unbindable"] = (false, MountFlags.Unbindable),
        ["runbindable"] = (false, MountFlags.Unbindable | MountFlags.Recursive),
        // What mount(8) alone understands, and does not pass on.
        ["loop"] = (false, MountFlags.None),
        ["_netdev"] = (false, MountFlags.None),
        ["nofail"] = (false, MountFlags.None),
    };

    /// <summary>Takes options apart. Pure.</summary>
    /// <param name="options">Words between commas.</param>
    public static MountWords Parse(string options)
    {
        MountFlags flags = MountFlags.None;
        List<string> data = [];
        foreach (string word in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!s_words.TryGetValue(word, out (bool Clears, MountFlags Flag) known))
                data.Add(word);
            else if (known.Clears)
                flags &= ~known.Flag;
            else
                flags |= known.Flag;
        }

        return new MountWords(flags, string.Join(',', data));
    }
}
