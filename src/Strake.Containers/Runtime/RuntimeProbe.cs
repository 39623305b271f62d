using System.Text;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>Chooses the runtime: the one asked for, else crun, which is twice as fast, else runc.</summary>
static class RuntimeProbe
{
    static readonly string[] Folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The runtime to use; looks at files only, and starts nothing.</summary>
    /// <param name="asked">Name or path; null: the best that is there.</param>
    /// <param name="cgroups">The host's hierarchies.</param>
    /// <exception cref="StrakeException">Unavailable: there is none.</exception>
    public static OciRuntime Choose(string? asked, CgroupHierarchies cgroups)
    {
        if (asked is { Length: > 0 })
        {
            string path = Find(asked) ?? throw StrakeException.Unavailable($"OCI runtime {asked} is not there; install it or choose another with --default-runtime");
            return Of(path, cgroups);
        }

        return Find("crun") is { } crun ? Of(crun, cgroups)
            : Find("runc") is { } runc ? Of(runc, cgroups)
            : throw StrakeException.Unavailable("no OCI runtime is there: install crun or runc");
    }

    /// <summary>The path of a program; null when it is not there.</summary>
    /// <param name="program">A path, or a name that is looked for where the system keeps programs.</param>
    public static string? Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(program) ? program : null
        : Folders.Select(folder => $"{folder}/{program}").FirstOrDefault(File.Exists);

    static OciRuntime Of(string path, CgroupHierarchies cgroups)
    {
        string name = Path.GetFileName(path).Contains("crun", StringComparison.Ordinal) ? "crun" : Path.GetFileName(path);
        return new OciRuntime(name, path, name == "crun" && RefusesHybrid(cgroups));
    }

    // crun, cgroup.c: refused when the version 2 hierarchy beside those of version 1 has controllers of its own.
    static bool RefusesHybrid(CgroupHierarchies cgroups)
    {
        if (cgroups.UnifiedBeside is not { } unified)
            return false;
        using var file = Syscall.TryOpen($"{unified}/cgroup.controllers", OpenFlags.ReadOnly);
        Span<byte> start = stackalloc byte[256];
        return file is not null && Encoding.ASCII.GetString(start[..Syscall.TryRead(file, start)]).Trim().Length > 0;
    }
}
