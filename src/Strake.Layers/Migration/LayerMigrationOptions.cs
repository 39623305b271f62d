using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Strake.Layers;

/// <summary>What a <see cref="LayerMigration"/> works with. No store is open on any of it.</summary>
public sealed record LayerMigrationOptions
{
    /// <summary>The data root.</summary>
    public required string DataRoot { get; init; }

    /// <summary>The records.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The driver that is to keep the layers.</summary>
    public required IStorageDriver Target { get; init; }

    /// <summary>All drivers that may have layers in the data root, the target perhaps among them. The records say which of them has them now.</summary>
    public required IReadOnlyList<IStorageDriver> Drivers { get; init; }

    /// <summary>Told of each layer.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
