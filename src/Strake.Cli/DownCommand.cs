using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strake.Daemon.Composition;
using Strake.Daemon.Configuration;
using Strake.Linux;
using Strake.State;

namespace Strake.Cli;

/// <summary><c>strake down</c>: ends a daemon and waits for its end. Containers go on.</summary>
static class DownCommand
{
    /// <summary>How long a daemon may take; it finishes what it has begun to write.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Ends the daemon of an exec root.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output)
    {
        CommandLine line = CommandLine.Parse(words, [new("exec-root"), new("pidfile", 'p')]);
        if (line.Arguments.Count > 0) throw StrakeException.Invalid($"unexpected argument: {line.Arguments[0]}");
        var options = new DaemonOptions();
        foreach (GivenFlag flag in line.Flags)
        {
            options = flag.Name is "exec-root"
                ? options with { ExecRoot = Path.GetFullPath(flag.Value) }
                : options with { PidFile = Path.GetFullPath(flag.Value) };
        }

        if (PidFile.FindHolder(options.PidPath) is not { } pid)
        {
            await output.WriteLineAsync($"no daemon is running ({options.PidPath})");
            return 0;
        }

        await StopAsync(pid);
        await output.WriteLineAsync($"stopped (process {pid.ToString(CultureInfo.InvariantCulture)})");
        return 0;
    }

    // The handle means this very process, even if its number is given anew meanwhile.
    static async Task StopAsync(int pid)
    {
        using SafeFileHandle? process = Syscall.TryPidfdOpen(pid);
        if (process is null || !Syscall.PidfdSendSignal(process, Signal.SIGTERM)) return;
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        try
        {
            // A pidfd is readable once the process has ended (pidfd_open(2)).
            await Readiness.WaitAsync(process, PollEvents.Readable, patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw StrakeException.Unavailable(
                $"the daemon (process {pid.ToString(CultureInfo.InvariantCulture)}) has not ended within {s_patience.TotalSeconds:0} s; look into its log", e);
        }
    }
}
