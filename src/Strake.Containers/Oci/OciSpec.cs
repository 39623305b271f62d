namespace Strake.Containers.Oci;

/// <summary>The runtime's <c>config.json</c>, as far as it is used here.</summary>
/// <remarks>OCI runtime specification 1.0.2, config.md and config-linux.md; members are named as there.</remarks>
sealed record OciSpec
{
    public string OciVersion { get; init; } = "1.0.2";

    public required OciProcess Process { get; init; }

    public required OciRoot Root { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    public required IReadOnlyList<OciMount> Mounts { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public required OciLinux Linux { get; init; }
}
