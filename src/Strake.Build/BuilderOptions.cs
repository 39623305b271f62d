using Strake.Images;
using Strake.Layers;

namespace Strake.Build;

/// <summary>What a builder works with.</summary>
public sealed record BuilderOptions
{
    /// <summary>The engine's images.</summary>
    public required ImageStore Images { get; init; }

    /// <summary>The engine's layers.</summary>
    public required LayerStore Layers { get; init; }

    /// <summary>The engine's records.</summary>
    public required IStateStore State { get; init; }

    /// <summary>Runs the programs of RUN.</summary>
    public required IProcessRunner Runner { get; init; }

    /// <summary>Where contexts and cache mounts are kept; on the disk.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where mounts and secrets are; in memory, gone at the next boot.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>The most that builds may leave for later ones, bytes; also while one is under way. 0: what the disk has.</summary>
    public long CacheLimitBytes { get; init; }

    /// <summary>The bounds of what builds fetch from the network.</summary>
    public RemoteOptions Remote { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
