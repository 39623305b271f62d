using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Containers;

/// <summary>
/// How a container stands on its host: the <c>HostConfig</c> of Docker's Engine API, with its JSON names. Members that
/// are not offered land in <see cref="Unsupported"/> and are refused by <see cref="OptionSupport"/>.
/// </summary>
public sealed record HostSettings
{
    /// <summary>Mounts in the grammar of <c>-v</c>: <c>source:target[:mode]</c>.</summary>
    public IReadOnlyList<string>? Binds { get; init; }

    /// <summary>Where the client wrote the id; kept for inspect only.</summary>
    public string? ContainerIDFile { get; init; }

    /// <summary>The log driver and its options.</summary>
    public LogSettings? LogConfig { get; init; }

    /// <summary><c>default</c>, <c>bridge</c>, <c>host</c>, <c>none</c>, <c>container:&lt;ref&gt;</c> or a network's name.</summary>
    public string? NetworkMode { get; init; }

    /// <summary>Published ports: <c>80/tcp</c> to addresses of the host.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindings { get; init; }

    /// <summary>When the engine starts it again.</summary>
    public RestartPolicy? RestartPolicy { get; init; }

    /// <summary>Whether it is removed, with its anonymous volumes, once it has ended.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>The volume driver for volumes that <see cref="Binds"/> makes.</summary>
    public string? VolumeDriver { get; init; }

    /// <summary>Containers whose mounts it gets: <c>ref[:ro|rw]</c>.</summary>
    public IReadOnlyList<string>? VolumesFrom { get; init; }

    /// <summary>The terminal's first size: height, width.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; init; }

    /// <summary>Annotations handed to the runtime.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Capabilities added to the default set; <c>ALL</c>.</summary>
    [JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? CapAdd { get; init; }

    /// <summary>Capabilities taken from the default set; <c>ALL</c>.</summary>
    [JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? CapDrop { get; init; }

    /// <summary><c>host</c> or <c>private</c>; empty: the host's default.</summary>
    public string? CgroupnsMode { get; init; }

    /// <summary>Name servers; none: the host's.</summary>
    public IReadOnlyList<string>? Dns { get; init; }

    /// <summary>Options of the resolver.</summary>
    public IReadOnlyList<string>? DnsOptions { get; init; }

    /// <summary>Search domains.</summary>
    public IReadOnlyList<string>? DnsSearch { get; init; }

    /// <summary>Lines for /etc/hosts: <c>name:address</c>.</summary>
    public IReadOnlyList<string>? ExtraHosts { get; init; }

    /// <summary>Additional groups of the process, by name or number.</summary>
    public IReadOnlyList<string>? GroupAdd { get; init; }

    /// <summary><c>private</c>, <c>shareable</c>, <c>host</c>, <c>none</c> or <c>container:&lt;ref&gt;</c>; empty: private.</summary>
    public string? IpcMode { get; init; }

    /// <summary>The kernel's out-of-memory preference, -1000 to 1000.</summary>
    public int OomScoreAdj { get; init; }

    /// <summary>Empty, <c>host</c> or <c>container:&lt;ref&gt;</c>.</summary>
    public string? PidMode { get; init; }

    /// <summary>All capabilities, all devices, no seccomp, nothing masked.</summary>
    public bool Privileged { get; init; }

    /// <summary>Whether each exposed port is published on a free port of the host.</summary>
    public bool PublishAllPorts { get; init; }

    /// <summary>Whether the root file system is read-only.</summary>
    public bool ReadonlyRootfs { get; init; }

    /// <summary><c>no-new-privileges</c>, <c>seccomp=unconfined</c> or a profile, <c>apparmor=unconfined</c>, <c>label=disable</c>.</summary>
    public IReadOnlyList<string>? SecurityOpt { get; init; }

    /// <summary>Options of the storage driver for the writable layer: <c>size</c>.</summary>
    public IReadOnlyDictionary<string, string>? StorageOpt { get; init; }

    /// <summary>Paths that get a tmpfs, with its mount options.</summary>
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    /// <summary>Empty or <c>host</c>.</summary>
    public string? UTSMode { get; init; }

    /// <summary>Bytes of /dev/shm; 0: 64 MiB.</summary>
    public long ShmSize { get; init; }

    /// <summary>Kernel parameters of the container's namespaces.</summary>
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    /// <summary>The OCI runtime by name; empty: the engine's.</summary>
    public string? Runtime { get; init; }

    /// <summary>Empty or <c>default</c>; other values are Windows'.</summary>
    public string? Isolation { get; init; }

    /// <summary>CPU weight; 0: the kernel's default, 1024.</summary>
    public long CpuShares { get; init; }

    /// <summary>Bytes of memory; 0: no limit.</summary>
    public long Memory { get; init; }

    /// <summary>CPUs in units of 10^-9; 0: no limit.</summary>
    public long NanoCpus { get; init; }

    /// <summary>The cgroup under which the container's stands; empty: the engine's.</summary>
    public string? CgroupParent { get; init; }

    /// <summary>Microseconds of a CPU scheduling period; 0: the kernel's default.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Microseconds of CPU time in a period; 0: no limit.</summary>
    public long CpuQuota { get; init; }

    /// <summary>CPUs it may run on: <c>0-2,4</c>.</summary>
    public string? CpusetCpus { get; init; }

    /// <summary>Memory nodes it may use.</summary>
    public string? CpusetMems { get; init; }

    /// <summary>Devices of the host.</summary>
    public IReadOnlyList<DeviceMapping>? Devices { get; init; }

    /// <summary>Rules for the device cgroup: <c>c 42:* rmw</c>.</summary>
    public IReadOnlyList<string>? DeviceCgroupRules { get; init; }

    /// <summary>Bytes that reclaim aims at under pressure; 0: none.</summary>
    public long MemoryReservation { get; init; }

    /// <summary>Bytes of memory and swap together; 0: twice the memory; -1: no limit.</summary>
    public long MemorySwap { get; init; }

    /// <summary>0 to 100; null or -1: the host's.</summary>
    public long? MemorySwappiness { get; init; }

    /// <summary>Whether the kernel leaves it alone when memory runs out.</summary>
    public bool? OomKillDisable { get; init; }

    /// <summary>The most processes; null, 0 and -1: no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Resource limits of the process.</summary>
    public IReadOnlyList<Ulimit>? Ulimits { get; init; }

    /// <summary>Mounts as <c>--mount</c> gives them.</summary>
    public IReadOnlyList<MountRequest>? Mounts { get; init; }

    /// <summary>Paths hidden from the process; null: the default list; empty: none.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that are read-only; null: the default list; empty: none.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>Whether an init process reaps the container's orphans.</summary>
    public bool? Init { get; init; }

    /// <summary>Members that nothing here reads, for <see cref="OptionSupport"/> to refuse. Settable for the deserialiser alone.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unsupported { get; set; }
}
