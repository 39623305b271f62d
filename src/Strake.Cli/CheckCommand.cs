using System.Globalization;
using Strake.Daemon.Composition;
using Strake.Daemon.Configuration;
using Strake.State;

namespace Strake.Cli;

/// <summary><c>strake fsck</c>: asks the running daemon, or opens the stores itself.</summary>
static class CheckCommand
{
    /// <summary>It could not be checked, which must not look like a sound store.</summary>
    const int Unchecked = 2;

    /// <summary>Prints what is wrong.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter errors)
    {
        DaemonOptions options = DaemonOptionsReader.Read(words);
        try
        {
            IReadOnlyList<string> findings = PidFile.FindHolder(options.PidPath) is null
                ? await StoreCheckHost.RunAsync(options, TimeProvider.System)
                : await AskAsync(options);
            foreach (string finding in findings) await output.WriteLineAsync(finding);
            await output.WriteLineAsync(findings.Count.ToString(CultureInfo.InvariantCulture) + " findings");
            return findings.Count == 0 ? 0 : Commands.Failed;
        }
        catch (Exception e) when (e is StrakeException or IOException)
        {
            await errors.WriteLineAsync($"strake fsck: it could not be checked: {e.Message}");
            return Unchecked;
        }
    }

    static async Task<IReadOnlyList<string>> AskAsync(DaemonOptions options)
    {
        using var client = new DaemonClient(options);
        return (await client.AskAsync(HttpMethod.Post, "/strake/fsck", StoreCheckJson.Default.StoreCheckReport)).Findings;
    }
}
