using Microsoft.Extensions.Logging.Abstractions;
using Strake.Daemon.Configuration;

namespace Strake.Daemon.Composition;

/// <summary>Checks the stores of a daemon that does not run.</summary>
public static class StoreCheckHost
{
    /// <summary>
    /// Opens the stores as the daemon would, which finishes or undoes what a killed daemon left unfinished, and checks them.
    /// </summary>
    /// <param name="options">Where they are.</param>
    /// <param name="time">The clock.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    /// <exception cref="StrakeException">NotFound: there is no store. Otherwise: it cannot be opened.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(DaemonOptions options, TimeProvider time)
    {
        if (!Directory.Exists(options.DataRoot)) throw StrakeException.NotFound($"there is no data root {options.DataRoot}");
        Directory.CreateDirectory(options.ExecRoot);
        using DataRootLock dataRoot = DataRootLock.Take(options.DataRoot);
        await using Engine engine = await Engine.OpenAsync(options, _ => { }, NullLoggerFactory.Instance, time, CancellationToken.None);
        return await new StoreCheck(engine).RunAsync(CancellationToken.None);
    }
}
