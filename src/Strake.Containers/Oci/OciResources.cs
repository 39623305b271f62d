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

sealed record OciDeviceRule(bool Allow, string? Type, long? Major, long? Minor, string Access);

sealed record OciMemory
{
    public long? Limit { get; init; }

    public long? Reservation { get; init; }

    public long? Swap { get; init; }

    public ulong? Swappiness { get; init; }

    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }
}

sealed record OciCpu
{
    public ulong? Shares { get; init; }

    public long? Quota { get; init; }

    public ulong? Period { get; init; }

    public string? Cpus { get; init; }

    public string? Mems { get; init; }
}

sealed record OciPids(long Limit);
