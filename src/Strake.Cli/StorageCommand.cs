using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Strake.Daemon.Composition;
using Strake.Daemon.Configuration;
using Strake.State;

namespace Strake.Cli;

/// <summary><c>strake storage migrate</c>: all layers to another storage driver.</summary>
static class StorageCommand
{
    /// <summary>Migrates the layers of a daemon that was stopped.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output)
    {
        if (words.Count == 0 || words[0] is not "migrate") throw StrakeException.Invalid("there is one thing to do with storage: migrate");
        (string target, List<string> others) = TakeTarget(words.Skip(1));
        int moved = await StorageMigration.RunAsync(DaemonOptionsReader.Read(others), target, NullLogger.Instance, TimeProvider.System);
        await output.WriteLineAsync(moved.ToString(CultureInfo.InvariantCulture) + $" layers moved to {target}");
        return 0;
    }

    // The rest are the daemon's own settings.
    static (string Target, List<string> Others) TakeTarget(IEnumerable<string> words)
    {
        string? target = null;
        var rest = new List<string>();
        var given = new Queue<string>(words);
        while (given.TryDequeue(out string? word))
        {
            if (word is "--to") target = given.TryDequeue(out string? value) ? value : throw StrakeException.Invalid("flag needs an argument: --to");
            else if (word.StartsWith("--to=", StringComparison.Ordinal)) target = word["--to=".Length..];
            else rest.Add(word);
        }

        return (target ?? throw StrakeException.Invalid("--to DRIVER is missing"), rest);
    }
}
