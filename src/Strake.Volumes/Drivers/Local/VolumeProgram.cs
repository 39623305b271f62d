using Strake.Linux;

namespace Strake.Volumes;

/// <summary>A <see cref="HostProgram"/> for a volume: its failure is the volume's.</summary>
static class VolumeProgram
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="name">The program.</param>
    /// <param name="fine">The highest exit code that is no failure.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote to its output.</returns>
    /// <exception cref="StrakeException">Unavailable: it is not there. Internal: it failed; its words. Exhausted: no space was left for it.</exception>
    public static async Task<string> RunAsync(string name, int fine, params IReadOnlyList<string> arguments)
    {
        HostProgramResult result = await TryAsync(name, arguments);
        return result.Status.Signal == Signal.None && result.Status.Code <= fine ? result.Output : throw FailureOf(result);
    }

    /// <summary>As <see cref="RunAsync"/>, for who knows what to make of a failure.</summary>
    /// <param name="name">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="StrakeException">Unavailable: it is not there, or does not come to its end.</exception>
    public static async Task<HostProgramResult> TryAsync(string name, params IReadOnlyList<string> arguments)
    {
        try
        {
            return await HostProgram.RunAsync(name, arguments) ?? throw StrakeException.Unavailable($"{name} is not installed");
        }
        catch (TimeoutException e)
        {
            throw StrakeException.Unavailable(e.Message, e);
        }
    }

    /// <summary>The failure of a program, in its words: Exhausted where no space was left for it, else Internal.</summary>
    public static StrakeException FailureOf(HostProgramResult result) =>
        result.Words.Contains("No space left", StringComparison.Ordinal) || result.Words.Contains("out of space", StringComparison.Ordinal)
            ? StrakeException.Exhausted(result.Words)
            : StrakeException.Internal(result.Words);
}
