using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strake.Images;

namespace Strake.Layers;

/// <summary>What a <see cref="LayerStore"/> works with.</summary>
public sealed record LayerStoreOptions
{
    /// <summary>The daemon's data root; exists. The store keeps <c>image/splits</c> and <c>image/ingest</c> in it.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Keeps the layers on disk. Opening the store probes it; disposing the store disposes it where it can be.</summary>
    public required IStorageDriver Driver { get; init; }

    /// <summary>Keeps the records; stays the caller's to dispose, after the store.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Receives what went wrong in the background, and what a start found and put right.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How far a compressed layer may expand.</summary>
    public ExpansionLimit Expansion { get; init; } = ExpansionLimit.ForLayers;

    /// <summary>How many layers are received at once; the rest wait their turn.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>The most that a writable layer may hold where its owner says nothing; null: what the disk has.</summary>
    public long? SizeLimitBytes { get; init; }

    /// <summary>
    /// How long a removal is waited for before it goes on in the background: long enough for a container's few files, short enough for
    /// a person. What goes on is finished by <see cref="LayerStore.DisposeAsync"/>, or by the next start.
    /// </summary>
    public TimeSpan RemovalPatience { get; init; } = TimeSpan.FromMilliseconds(200);
}
