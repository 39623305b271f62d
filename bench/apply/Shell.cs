using System.Diagnostics;

namespace Strake.Bench.Apply;

/// <summary>Other programs.</summary>
static class Shell
{
    /// <summary>Runs a command, fails with it.</summary>
    public static void Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-euc", command]) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command}: exit {process.ExitCode}");
    }
}
