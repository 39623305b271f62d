using System.Diagnostics;

namespace Strake.State.Tests;

/// <summary>
/// This test program started once more, to do one thing in a process of its own that may die of it. The child is told what to do by a
/// variable of the environment, and <see cref="Program"/> has it do that in place of the tests.
/// </summary>
static class ChildProcess
{
    const string Variable = "STRAKE_TEST_CHILD";

    static readonly Dictionary<string, Func<string, Task>> s_parts = new(StringComparer.Ordinal)
    {
        [nameof(CommittingChild)] = CommittingChild.RunAsync,
        [nameof(FaultingChild)] = FaultingChild.RunAsync,
        [nameof(DurabilityChild)] = DurabilityChild.RunAsync,
    };

    /// <summary>Starts a child; its output is the caller's to read, and it the caller's to wait for.</summary>
    /// <param name="part">Its part: the name of the class.</param>
    /// <param name="argument">What it is to work on.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="wrapper">A program to run it under, with its arguments.</param>
    public static Process Start(
        string part, string argument, IReadOnlyDictionary<string, string>? environment = null, params string[] wrapper)
    {
        string[] command = [.. wrapper, Environment.ProcessPath!, .. Runtime()];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[Variable] = $"{part}:{argument}";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Plays the part, in a child.</summary>
    /// <returns>False in a process that is none.</returns>
    public static async Task<bool> PlayAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } value) return false;
        var colon = value.IndexOf(':');
        await s_parts[value[..colon]](value[(colon + 1)..]);
        return true;
    }

    // Run by `dotnet X.dll`, or by the program X that stands beside it.
    static string[] Runtime() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ChildProcess).Assembly.Location] : [];
}
