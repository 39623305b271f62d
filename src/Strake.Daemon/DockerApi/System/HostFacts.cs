using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strake.Linux;

namespace Strake.Daemon.DockerApi;

/// <summary>What the machine is: read once, when somebody first asks.</summary>
sealed class HostFacts
{
    /// <summary>The kernel and the machine.</summary>
    public SystemName Name { get; } = Syscall.Uname();

    /// <summary>Go's name of the architecture: <c>amd64</c>.</summary>
    public string GoArchitecture { get; } = Images.Platform.Host.Architecture ?? "";

    /// <summary>The distribution with its version, as it calls itself.</summary>
    public string OperatingSystem { get; }

    /// <summary>The distribution's version.</summary>
    public string OperatingSystemVersion { get; }

    /// <summary>Whether the unified hierarchy of cgroups is what the machine uses: 2; else 1.</summary>
    public string CgroupVersion { get; } = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "2" : "1";

    /// <summary>Bytes of memory.</summary>
    public long MemoryBytes { get; } = Syscall.SysInfo().MemoryBytes;

    /// <summary>Reads the facts.</summary>
    public HostFacts()
    {
        Dictionary<string, string> release = ReadRelease();
        OperatingSystem = release.GetValueOrDefault("PRETTY_NAME", "Linux");
        OperatingSystemVersion = release.GetValueOrDefault("VERSION_ID", "");
    }

    /// <summary>Whether forwarding is on, without which no container reaches the outside.</summary>
    public static bool IPv4Forwarding => Exists("/proc/sys/net/ipv4/ip_forward") && File.ReadAllText("/proc/sys/net/ipv4/ip_forward").StartsWith('1');

    /// <summary>Whether a controller of cgroups is there: <c>memory</c>, <c>cpu</c>, <c>cpuset</c>, <c>pids</c>.</summary>
    public bool HasController(string name) => CgroupVersion is "2"
        ? File.ReadAllText("/sys/fs/cgroup/cgroup.controllers").Split((char[])[' ', '\n']).Contains(name, StringComparer.Ordinal)
        : Directory.Exists($"/sys/fs/cgroup/{name}");

    /// <summary>Whether a file of a controller is there, on machines with the old hierarchies.</summary>
    public bool HasControllerFile(string controller, string file) => CgroupVersion is "2" || Exists($"/sys/fs/cgroup/{controller}/{file}");

    /// <summary>Number of open descriptors of this process.</summary>
    public static int OpenDescriptors => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    /// <summary>An id for a daemon of its own: stable for machine and data root.</summary>
    /// <param name="dataRoot">The daemon's data root.</param>
    public static string IdOf(string dataRoot)
    {
        string machine = Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : "";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"strake daemon {machine} {dataRoot}"));
        return new Guid(hash.AsSpan(0, 16)).ToString("D", CultureInfo.InvariantCulture);
    }

    static bool Exists(string path) => File.Exists(path);

    // NAME=value or NAME="value" (os-release(5)).
    static Dictionary<string, string> ReadRelease()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Exists("/etc/os-release")) return found;
        foreach (string line in File.ReadLines("/etc/os-release"))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] != '#') found[line[..equals]] = line[(equals + 1)..].Trim('"', '\'');
        }

        return found;
    }
}
