using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What a hostPath may ask to be at its path.</summary>
static class HostPathTypes
{
    static readonly string[] s_known = ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];

    /// <summary>Says what is wrong with a type; null is none.</summary>
    public static void Check(string? type, string path, FaultList faults)
    {
        if (type is not null && !s_known.Contains(type)) faults.Add(Fault.Unsupported(path, type, s_known));
    }
}
