namespace Strake.Daemon.BuildKit.Solving;

/// <summary>What a client of BuildKit's protocol wants built, decoded.</summary>
sealed record SolveOrder
{
    /// <summary>Names the build.</summary>
    public required string Ref { get; init; }

    /// <summary>The Dockerfile's path in its directory.</summary>
    public string DockerfilePath { get; init; } = "Dockerfile";

    /// <summary>The client's name for the directory that the Dockerfile is in.</summary>
    public string DockerfileDirectory { get; init; } = "dockerfile";

    /// <summary>Whether the Dockerfile is there even where the context is no directory of the client's.</summary>
    public bool IsDockerfileLocal { get; init; }

    /// <summary>The client's name for the directory that is the context.</summary>
    public string ContextDirectory { get; init; } = "context";

    /// <summary>The context where it is an upload of the client's (<c>http://buildkit-session/…</c>): a Dockerfile, or a tar, which one must be seen; null: it is none.</summary>
    public Uri? ContextUpload { get; init; }

    /// <summary>The context where it is fetched from the network: a URL, a git repository; null: it is not.</summary>
    public string? ContextRemote { get; init; }

    /// <summary>The part of the context that counts; empty: all of it.</summary>
    public string ContextSubdirectory { get; init; } = "";

    /// <summary>Contexts by name.</summary>
    public IReadOnlyDictionary<string, NamedContext> NamedContexts { get; init; } = new Dictionary<string, NamedContext>(StringComparer.Ordinal);

    /// <summary>The sessions that directories come from that are not the build's own, by the directory's name.</summary>
    public IReadOnlyDictionary<string, string> DirectorySessions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The stage that is wanted; empty: the last.</summary>
    public string Target { get; init; } = "";

    /// <summary>Values of <c>--build-arg</c>.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Labels that the image gets beside its own.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether every step is carried out, whatever is known from earlier.</summary>
    public bool NoCache { get; init; }

    /// <summary>The stages of which every step is carried out.</summary>
    public IReadOnlyList<string> NoCacheStages { get; init; } = [];

    /// <summary>Whether base images are pulled though they are there.</summary>
    public bool Pull { get; init; }

    /// <summary>The platform wanted, <c>os/arch[/variant]</c>; null: the host's.</summary>
    public string? Platform { get; init; }

    /// <summary>The network of RUN: <c>none</c>, <c>host</c>, or the default one (empty).</summary>
    public string Network { get; init; } = "";

    /// <summary>Lines for RUN's <c>/etc/hosts</c>: name and address.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ExtraHosts { get; init; } = [];

    /// <summary>RUN's host name; empty: the engine's default.</summary>
    public string HostName { get; init; } = "";

    /// <summary>Bytes of RUN's <c>/dev/shm</c>; 0: the engine's default.</summary>
    public long ShmSizeBytes { get; init; }

    /// <summary>Limits of RUN's processes.</summary>
    public IReadOnlyList<SolveUlimit> Ulimits { get; init; } = [];

    /// <summary>The cgroup that RUN's processes are put under; empty: the engine's default.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>What cache mounts' ids are looked up under; empty: everybody's.</summary>
    public string CacheMountNamespace { get; init; } = "";

    /// <summary>What the user has allowed beyond the usual: <c>network.host</c>, <c>security.insecure</c>.</summary>
    public IReadOnlySet<string> Entitlements { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Where steps are known from.</summary>
    public IReadOnlyList<CacheReference> CacheImports { get; init; } = [];

    /// <summary>What the result becomes; none: it stays in the cache.</summary>
    public IReadOnlyList<SolveOutput> Outputs { get; init; } = [];

    /// <summary>
    /// A question about the Dockerfile in place of a build: <c>frontend.outline</c>, <c>frontend.targets</c>, <c>frontend.lint</c>,
    /// <c>frontend.subrequests.describe</c>; null: build.
    /// </summary>
    public string? Question { get; init; }

    /// <summary>What was asked for and is left out, for the user; none of it changes the result.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
