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

sealed record OciConsoleSize(int Height, int Width);

sealed record OciUser(uint Uid, uint Gid, IReadOnlyList<uint>? AdditionalGids = null);

/// <summary>
/// The inheritable and ambient sets are always left out: with them an exec'd program without capabilities of its own
/// would gain some (CVE-2022-24769).
/// </summary>
sealed record OciCapabilities(IReadOnlyList<string> Bounding, IReadOnlyList<string> Effective, IReadOnlyList<string> Permitted);

sealed record OciRlimit(string Type, ulong Hard, ulong Soft);
