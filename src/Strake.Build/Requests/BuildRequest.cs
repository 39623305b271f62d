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

    /// <summary>Who asks the registries of base images, by the registry's domain.</summary>
    public IReadOnlyDictionary<string, RegistryCredentials> Credentials { get; init; } = new Dictionary<string, RegistryCredentials>(StringComparer.Ordinal);

    /// <summary>Bytes of RUN's <c>/dev/shm</c>; 0: the engine's default.</summary>
    public long ShmSizeBytes { get; init; }
}
