using Microsoft.Extensions.Logging;
using Strake.Daemon.Configuration;
using Strake.Layers;
using Strake.State.Sqlite;

namespace Strake.Daemon.Composition;

/// <summary>Moves the layers of a daemon that does not run to another storage driver: <c>strake storage migrate</c>.</summary>
public static class StorageMigration
{
    /// <summary>Migrates; may be repeated after an interruption at any point.</summary>
    /// <param name="options">Where the data root is, and the target's options.</param>
    /// <param name="target">The name of the driver that is to keep the layers.</param>
    /// <param name="logger">Told of each layer.</param>
    /// <param name="time">The clock.</param>
    /// <returns>How many layers were moved.</returns>
    /// <exception cref="StrakeException">NotFound: there is no store. Unavailable: a daemon uses it. See <see cref="LayerMigration"/>.</exception>
    public static async Task<int> RunAsync(DaemonOptions options, string target, ILogger logger, TimeProvider time)
    {
        string records = Path.Combine(options.DataRoot, "strake.db");
        if (!File.Exists(records)) throw StrakeException.NotFound($"there is no store in {options.DataRoot}");
        using DataRootLock dataRoot = DataRootLock.Take(options.DataRoot);
        await using SqliteStateStore state = SqliteStateStore.Open(new SqliteStateOptions(records));
        return await LayerMigration.RunAsync(new LayerMigrationOptions
        {
            DataRoot = options.DataRoot,
            State = state,
            Target = StorageDrivers.Candidates(options.DataRoot, target, options.StorageOptions)[0].Driver,
            Drivers = StorageDrivers.All(options.DataRoot),
            Logger = logger,
            Time = time,
        });
    }
}
