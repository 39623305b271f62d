using Strake.Images;
using Strake.Layers;

namespace Strake.Build;

/// <summary>What all builds work with.</summary>
sealed record BuildServices
{
    public required ImageStore Images { get; init; }

    public required LayerStore Layers { get; init; }

    public required StepCache Cache { get; init; }

    public required CacheMounts CacheMounts { get; init; }

    public required IProcessRunner Runner { get; init; }

    public required SharedWork<Digest, StepResult> Work { get; init; }

    public required long CacheLimitBytes { get; init; }

    public required string Scratch { get; init; }

    public required string Packs { get; init; }

    public required string Repositories { get; init; }

    public required RemoteVersions RemoteVersions { get; init; }

    public required RemoteOptions Remote { get; init; }

    public required TimeProvider Time { get; init; }
}
