using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>What a container may use, and what it may do.</summary>
public sealed record ContainerRights
{
    /// <summary>User and group, <c>user[:group]</c>; empty: the image's.</summary>
    public string User { get; init; } = "";

    /// <summary>Further groups of the process.</summary>
    public ValueList<string> Groups { get; init; } = [];

    /// <summary>All capabilities, all devices, nothing masked.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>Whether the root file system is read-only.</summary>
    public bool HasReadOnlyRoot { get; init; }

    /// <summary>Whether the process can get no more rights than it has.</summary>
    public bool CannotEscalate { get; init; }

    /// <summary>Whether no system calls are kept from it.</summary>
    public bool IsUnconfined { get; init; }

    /// <summary>Capabilities on top of the usual ones.</summary>
    public ValueList<string> AddedCapabilities { get; init; } = [];

    /// <summary>Capabilities that it does not get.</summary>
    public ValueList<string> DroppedCapabilities { get; init; } = [];

    /// <summary>Thousandths of a processor that it may use; 0: no limit.</summary>
    public long CpuLimitMillis { get; init; }

    /// <summary>Thousandths of a processor that it asked for; 0: none.</summary>
    public long CpuRequestMillis { get; init; }

    /// <summary>Bytes of memory that it may use; 0: no limit.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>The kernel's preference when memory runs out, -1000 to 1000: the higher, the sooner it is ended.</summary>
    public int OutOfMemoryScore { get; init; }
}
