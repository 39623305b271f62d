using Strake.Images;

namespace Strake.Build;

/// <summary>What somebody wants built.</summary>
public sealed record BuildRequest
{
    /// <summary>The Dockerfile's path in the context; <c>Dockerfile</c> unless said.</summary>
    public string DockerfilePath { get; init; } = "Dockerfile";

    /// <summary>The Dockerfile itself where it comes beside the context; null: it is in the context.</summary>
    public ReadOnlyMemory<byte>? Dockerfile { get; init; }

    /// <summary>The name of the stage that is wanted; null: the last.</summary>
    public string? Target { get; init; }

    /// <summary>Values of <c>--build-arg</c>; null: the client named it without a value, which counts as not given.</summary>
    public IReadOnlyDictionary<string, string?> Arguments { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Labels that the image gets beside its own.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The image's names; none: it has only its ID.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether every step is carried out, whatever is known from earlier.</summary>
    public bool NoCache { get; init; }

    /// <summary>The stages of which every step is carried out, in lower case.</summary>
    public IReadOnlyList<string> NoCacheStages { get; init; } = [];

    /// <summary>Whether base images are pulled though they are there.</summary>
    public bool Pull { get; init; }

    /// <summary>Images whose steps count as known.</summary>
    public IReadOnlyList<string> CacheFrom { get; init; } = [];

    /// <summary>The platform wanted, <c>os/arch[/variant]</c>; null: the host's.</summary>
    public string? Platform { get; init; }

    /// <summary>The network of RUN: <c>none</c>, <c>host</c>, a container's, or the default one (null or <c>default</c>).</summary>
    public string? Network { get; init; }

    /// <summary>Whether all layers above the base of the target stage become one.</summary>
    public bool Squash { get; init; }

    /// <summary>Lines for RUN's <c>/etc/hosts</c>, <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>
    /// Contexts by name, which stand for stages and images of that name: the image that each is; null: files, which <see cref="IBuildContexts"/> has.
    /// </summary>
    public IReadOnlyDictionary<string, string?> NamedContexts { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Says who asks a registry, known by its domain, for base images; null: nobody.</summary>
    public Func<string, CancellationToken, Task<RegistryCredentials?>>? FindCredentials { get; init; }

    /// <summary>RUN's host name; empty: the engine's default.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The cgroup that RUN's processes are put under; empty: the engine's default.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>Limits of RUN's processes.</summary>
    public IReadOnlyList<ProcessLimit> Limits { get; init; } = [];

    /// <summary>What cache mounts' ids are looked up under; empty: everybody's.</summary>
    public string CacheMountNamespace { get; init; } = "";

    /// <summary>Bytes of RUN's <c>/dev/shm</c>; 0: the engine's default.</summary>
    public long ShmSizeBytes { get; init; }

    /// <summary>The name among <see cref="NamedContexts"/> that a name of the Dockerfile means; null: none.</summary>
    internal string? FindContext(string name)
    {
        if (NamedContexts.Count == 0) return null;
        if (NamedContexts.ContainsKey(name)) return name;
        return ImageReference.TryParse(name, out var reference) && Known(reference) is var known && NamedContexts.ContainsKey(known) ? known : null;
    }

    // "docker.io/library/alpine:latest" is "alpine".
    static string Known(ImageReference reference)
    {
        var name = reference.Familiar;
        return name.EndsWith(":latest", StringComparison.Ordinal) ? name[..^":latest".Length] : name;
    }
}
