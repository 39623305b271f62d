using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Containers;

/// <summary>
/// What a container is, whatever the host: the <c>Config</c> of Docker's Engine API, with its JSON names. What the image
/// says has been merged in where a container's record holds it.
/// </summary>
/// <remarks>Not sealed, because the body of a create request is this record with two members more.</remarks>
public record ContainerConfig
{
    /// <summary>Host name inside the container; empty: the first 12 digits of the id.</summary>
    public string? Hostname { get; init; }

    /// <summary>Domain name inside the container.</summary>
    public string? Domainname { get; init; }

    /// <summary>User and group: name or number, <c>user[:group]</c>; empty: root.</summary>
    public string? User { get; init; }

    /// <summary>Whether the client wants to be attached to stdin; kept for inspect only.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>Whether the client wants to be attached to stdout; kept for inspect only.</summary>
    public bool AttachStdout { get; init; }

    /// <summary>Whether the client wants to be attached to stderr; kept for inspect only.</summary>
    public bool AttachStderr { get; init; }

    /// <summary>Ports the application listens on, such as <c>80/tcp</c>.</summary>
    public IReadOnlyDictionary<string, Empty>? ExposedPorts { get; init; }

    /// <summary>Whether the process gets a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Whether the process gets a stdin at all; else it reads end of file.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Whether stdin ends when the first attached client's does.</summary>
    public bool StdinOnce { get; init; }

    /// <summary><c>NAME=value</c>; a bare <c>NAME</c> removes the image's variable.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The command, or the arguments of <see cref="Entrypoint"/>. A string stands for a list of one.</summary>
    [JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Windows' quoting of <see cref="Cmd"/>; accepted and without effect.</summary>
    public bool ArgsEscaped { get; init; }

    /// <summary>The image as the user wrote it: name, id or prefix of an id.</summary>
    public string? Image { get; init; }

    /// <summary>Paths that get an anonymous volume.</summary>
    public IReadOnlyDictionary<string, Empty>? Volumes { get; init; }

    /// <summary>The process's working directory; made if missing; empty: <c>/</c>.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>The program and its first arguments. A string stands for a list of one; a list of one empty string removes the image's.</summary>
    [JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Whether the container has no network, whatever <see cref="HostSettings.NetworkMode"/> says.</summary>
    public bool NetworkDisabled { get; init; }

    /// <summary>The MAC address on the default network, as clients before API 1.44 give it.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Build instructions for images on top of this one; only images have them.</summary>
    public IReadOnlyList<string>? OnBuild { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The signal that asks the process to end: name or number; empty: SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Seconds between the stop signal and SIGKILL; null: 10; below 0: for ever.</summary>
    public int? StopTimeout { get; init; }

    /// <summary>The shell of the build's RUN; only images have it.</summary>
    [JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Shell { get; init; }

    /// <summary>Members that nothing here reads, for <see cref="OptionSupport"/> to refuse. Settable for the deserialiser alone.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unsupported { get; set; }
}
