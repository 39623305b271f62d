using System.Globalization;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>What an engine can leave on a machine below its roots: processes, mounts, loop devices.</summary>
public static class Leftovers
{
    /// <summary>Everything that is there below a folder, one line each; empty when nothing is.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
    [
        .. ProcessesOf(folder).Select(pid => $"process {pid}: {CommandLine(pid)}"),
        .. MountsBelow(folder).Select(mount => $"mount {mount}"),
        .. LoopDevicesOf(folder).Select(device => $"loop device {device}"),
    ];

    /// <summary>Ends and undoes everything below a folder, then removes the folder. For what a killed run left; repeats are harmless.</summary>
    public static async Task RemoveAsync(string folder)
    {
        foreach (var pid in WithDescendants(ProcessesOf(folder))) await Command.RunAsync("kill", ["-KILL", Number(pid)]);
        foreach (var mount in MountsBelow(folder).Reverse()) await Command.RunAsync("umount", ["--lazy", mount]);
        foreach (var device in LoopDevicesOf(folder)) await Command.RunAsync("losetup", ["--detach", device]);
        await Command.RunAsync("rm", ["-rf", "--one-file-system", folder]);
    }

    /// <summary>The mount points below a folder, in the order in which they were mounted.</summary>
    public static IReadOnlyList<string> MountsBelow(string folder) =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(point => IsBelow(point, folder))];

    /// <summary>The processes whose command line names a path below a folder, this one excepted.</summary>
    public static IReadOnlyList<int> ProcessesOf(string folder) =>
        [.. Pids().Where(pid => pid != Environment.ProcessId && CommandLine(pid).Contains(folder + "/", StringComparison.Ordinal))];

    static IEnumerable<string> LoopDevicesOf(string folder) =>
        from device in Directory.EnumerateDirectories("/sys/block", "loop*")
        let backing = Path.Combine(device, "loop", "backing_file")
        where File.Exists(backing) && IsBelow(TryRead(backing).Trim(), folder)
        select "/dev/" + Path.GetFileName(device);

    static HashSet<int> WithDescendants(IEnumerable<int> pids)
    {
        var parents = Pids().ToDictionary(pid => pid, ParentOf);
        HashSet<int> all = [.. pids];
        for (var before = -1; before != all.Count;)
        {
            before = all.Count;
            all.UnionWith(parents.Where(child => all.Contains(child.Value)).Select(child => child.Key).ToList());
        }
        return all;
    }

    static int ParentOf(int pid)
    {
        // The name stands in parentheses and may hold anything: fields count from the last one. Field 4 is the parent.
        var stat = TryRead($"/proc/{Number(pid)}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
    }

    static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    static string CommandLine(int pid) => TryRead($"/proc/{Number(pid)}/cmdline").Replace('\0', ' ');

    // A process may end, and a device be detached, while it is looked at.
    static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    static string Number(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
