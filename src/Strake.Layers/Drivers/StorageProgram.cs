using Strake.Linux;

namespace Strake.Layers;

/// <summary>A <see cref="HostProgram"/> for a storage driver; the caller's thread waits.</summary>
static class StorageProgram
{
    /// <summary>What a program said when it had come to its end.</summary>
    /// <param name="IsSuccess">Whether it ended with 0.</param>
    /// <param name="Output">Its output, without space around it.</param>
    /// <param name="Words">For a message: the program, its arguments, how it ended, and the last that it said.</param>
    public sealed record Result(bool IsSuccess, string Output, string Words);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="name">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="StrakeException">Unavailable: it is not there, or took longer than ten minutes.</exception>
    public static Result Try(string name, params IReadOnlyList<string> arguments)
    {
        try
        {
            // Drivers are called from threads that may wait: a storage driver has no other kind of call.
            var result = HostProgram.RunAsync(name, arguments).GetAwaiter().GetResult() ?? throw StrakeException.Unavailable($"{name} is not installed");
            return new(result.Status.IsSuccess, result.Output.Trim(), result.Words);
        }
        catch (TimeoutException e)
        {
            throw StrakeException.Unavailable(e.Message, e);
        }
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="StrakeException">Unavailable: it is not there. Internal: it failed; its words.</exception>
    public static string Run(string name, params IReadOnlyList<string> arguments)
    {
        var result = Try(name, arguments);
        return result.IsSuccess ? result.Output : throw StrakeException.Internal(result.Words);
    }
}
