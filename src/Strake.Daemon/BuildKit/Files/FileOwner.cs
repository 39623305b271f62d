using System.Globalization;
using System.Runtime.InteropServices;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Whose the files are that the process makes, and which bits of a mode it cannot give them at once.</summary>
/// <param name="Uid">The process's user.</param>
/// <param name="Gid">The process's group.</param>
/// <param name="Mask">The bits that the umask takes off.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct FileOwner(uint Uid, uint Gid, UnixFileMode Mask)
{
    // openat, mkdirat and mknodat leave them out, or not, depending on the file system.
    const UnixFileMode NeverAtOnce = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;

    /// <summary>The process as it is: what <c>/proc/self/status</c> says (proc(5)). The umask can be had nowhere else without setting it.</summary>
    public static FileOwner OfProcess()
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        // Uid and Gid: real, effective, saved, of the file system.
        return new(
            uint.Parse(Field(status, "Uid:").Split('\t')[1], CultureInfo.InvariantCulture),
            uint.Parse(Field(status, "Gid:").Split('\t')[1], CultureInfo.InvariantCulture),
            (UnixFileMode)Convert.ToInt32(Field(status, "Umask:"), 8));
    }

    /// <summary>What is left of a mode when a file is made with it.</summary>
    public UnixFileMode Masked(UnixFileMode mode) => mode & ~(Mask | NeverAtOnce);

    /// <summary>Whether a file is this user's and group's.</summary>
    public bool Owns(in FileStat stat) => stat.Uid == Uid && stat.Gid == Gid;

    static string Field(string[] status, string name) => status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
