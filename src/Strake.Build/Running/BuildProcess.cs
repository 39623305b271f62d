using Strake.Images;

namespace Strake.Build;

/// <summary>A program that RUN runs.</summary>
public sealed record BuildProcess
{
    /// <summary>The file system that it starts from; null: an empty one.</summary>
    public required ChainId? Root { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its variables, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Variables that nobody may keep, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> SecretVariables { get; init; } = [];

    /// <summary>Its working directory.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Its user, and group after a colon; empty: root.</summary>
    public string User { get; init; } = "";

    /// <summary>Its network; null: the default one.</summary>
    public string? Network { get; init; }

    /// <summary>Whether it may do all that root may.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>What it sees beside its file system.</summary>
    public IReadOnlyList<ProcessMount> Mounts { get; init; } = [];

    /// <summary>Lines for <c>/etc/hosts</c>, <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>Its host name; empty: the engine's default.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The cgroup that it is put under; empty: the engine's default.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>Its limits.</summary>
    public IReadOnlyList<ProcessLimit> Limits { get; init; } = [];

    /// <summary>Bytes of <c>/dev/shm</c>; 0: the engine's default.</summary>
    public long ShmSizeBytes { get; init; }
}
