namespace Strake.Containers.Oci;

/// <summary><c>linux</c>: namespaces, cgroup, devices, seccomp, paths.</summary>
sealed record OciLinux
{
    public required IReadOnlyList<OciNamespace> Namespaces { get; init; }

    public string? CgroupsPath { get; init; }

    public required OciResources Resources { get; init; }

    public IReadOnlyList<OciDevice>? Devices { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public OciSeccomp? Seccomp { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public string? RootfsPropagation { get; init; }
}
