using System.Text.Json.Serialization;

namespace Strake.Containers.Oci;

/// <summary><c>linux.resources</c>: what the container's cgroup allows.</summary>
sealed record OciResources
{
    public required IReadOnlyList<OciDeviceRule> Devices { get; init; }

    public OciMemory? Memory { get; init; }

    public OciCpu? Cpu { get; init; }

    public OciPids? Pids { get; init; }
}
