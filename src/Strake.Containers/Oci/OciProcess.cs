namespace Strake.Containers.Oci;

/// <summary><c>process</c>: a container's first process, or an exec's.</summary>
sealed record OciProcess
{
    public bool Terminal { get; init; }

    public OciConsoleSize? ConsoleSize { get; init; }

    public required OciUser User { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required IReadOnlyList<string> Env { get; init; }

    public required string Cwd { get; init; }

    public OciCapabilities? Capabilities { get; init; }

    public IReadOnlyList<OciRlimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init; }

    public int? OomScoreAdj { get; init; }
}
