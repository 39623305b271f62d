using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>
/// What a container of an image runs unless it is told otherwise: the property <c>config</c> of an image's config.
/// </summary>
/// <remarks>
/// OCI image specification, config.md, "config", and Docker's additions (ArgsEscaped, Healthcheck, OnBuild, Shell, StopTimeout).
/// A null property was absent or null.
/// </remarks>
public sealed record ContainerDefaults
{
    /// <summary>User, and group after a colon: names or numbers.</summary>
    public string? User { get; init; }

    /// <summary>Ports as <c>80/tcp</c>, sorted; a JSON object with empty values.</summary>
    [JsonConverter(typeof(NameSetConverter))]
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <summary>Environment, <c>NAME=value</c> each.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The command's first words.</summary>
    [JsonConverter(typeof(WordListConverter))]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>The command, or what follows the entry point.</summary>
    [JsonConverter(typeof(WordListConverter))]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>How to check a container's health.</summary>
    public Healthcheck? Healthcheck { get; init; }

    /// <summary>Windows: the command is a line already.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ArgsEscaped { get; init; }

    /// <summary>Paths that get a volume, sorted; a JSON object with empty values.</summary>
    [JsonConverter(typeof(NameSetConverter))]
    public IReadOnlyList<string>? Volumes { get; init; }

    /// <summary>The directory in which the command starts.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Dockerfile instructions for images built on this one.</summary>
    [JsonConverter(typeof(WordListConverter))]
    public IReadOnlyList<string>? OnBuild { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The signal that stops a container, by name or number.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Seconds from that signal to SIGKILL.</summary>
    public int? StopTimeout { get; init; }

    /// <summary>The shell that runs command lines.</summary>
    [JsonConverter(typeof(WordListConverter))]
    public IReadOnlyList<string>? Shell { get; init; }

    /// <summary>Properties that are not known here; passed on to images made from this one.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
