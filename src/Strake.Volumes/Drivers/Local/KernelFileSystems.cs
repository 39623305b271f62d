namespace Strake.Volumes;

/// <summary>The file systems that the kernel knows (<c>/proc/filesystems</c>); those in modules that are not loaded it knows once it was asked for them.</summary>
static class KernelFileSystems
{
    const string Source = "/proc/filesystems";

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> All() => Read().Select(static one => one.Type).ToHashSet(StringComparer.Ordinal);

    /// <summary>Those that lie on a block device.</summary>
    public static IReadOnlySet<string> OnDevices() => Read().Where(static one => one.OnDevice).Select(static one => one.Type).ToHashSet(StringComparer.Ordinal);

    // proc_filesystems(5): "nodev\tproc" or "\text4".
    static IEnumerable<(string Type, bool OnDevice)> Read() => File.ReadLines(Source)
        .Select(static line => line.Split('\t'))
        .Where(static fields => fields.Length == 2)
        .Select(static fields => (fields[1], fields[0].Length == 0));
}
