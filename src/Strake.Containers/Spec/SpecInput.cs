using Strake.Containers.Oci;

namespace Strake.Containers.Spec;

/// <summary>All that a runtime spec is made of; whatever needs the file system has been looked up.</summary>
sealed record SpecInput
{
    /// <summary>The container; sources of its volumes are known.</summary>
    public required Container Container { get; init; }

    /// <summary>Who its process is.</summary>
    public required ContainerUser User { get; init; }

    /// <summary>What the host allows.</summary>
    public required HostFeatures Features { get; init; }

    /// <summary>Sources of mounts that are not those of the record, by destination.</summary>
    public IReadOnlyDictionary<string, string> MountSources { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The destinations of mounts that show a file.</summary>
    public IReadOnlySet<string> FileMounts { get; init; } = System.Collections.ObjectModel.ReadOnlySet<string>.Empty;

    /// <summary>What the mounts forbid from which binds are taken (<c>noexec</c> and its like), by the binds' destinations.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MountRestrictions { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>The root file system's path on the host.</summary>
    public required string RootPath { get; init; }

    /// <summary>The container's cgroup, from the root of each hierarchy.</summary>
    public required string CgroupPath { get; init; }

    /// <summary>Path of the network namespace that it joins; null: its own, or the host's.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Path of the process namespace that it joins; null: its own, or the host's.</summary>
    public string? PidNamespace { get; init; }

    /// <summary>Path of the IPC namespace that it joins; null: its own, or the host's.</summary>
    public string? IpcNamespace { get; init; }

    /// <summary>Devices of the host that it gets.</summary>
    public IReadOnlyList<HostDevice> Devices { get; init; } = [];
}
