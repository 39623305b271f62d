using Strake.Daemon.Composition;
using Strake.Daemon.Configuration;

namespace Strake.Cli;

/// <summary><c>strake daemon</c>: the engine, in the foreground.</summary>
static class DaemonCommand
{
    /// <summary>Runs the daemon until a signal ends it.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter log)
    {
        DaemonOptions options = DaemonOptionsReader.Read(words);
        await DaemonHost.RunAsync(options, log, TimeProvider.System);
        return 0;
    }
}
