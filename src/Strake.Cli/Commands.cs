using Strake.State;

namespace Strake.Cli;

/// <summary>The commands of <c>strake</c>.</summary>
static class Commands
{
    /// <summary>The command did not do what it should.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense; nothing was tried.</summary>
    public const int Misused = 2;

    /// <summary>Runs the command that a command line names.</summary>
    /// <param name="words">The command line, without the program's name.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="errors">Receives what went wrong.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] words, TextWriter output, TextWriter errors)
    {
        string name = words.Length == 0 ? "help" : words[0];
        string[] rest = words.Length == 0 ? [] : words[1..];
        if (rest.Any(word => word is "--help" or "-h")) (name, rest) = ("help", [name]);
        try
        {
            switch (name)
            {
                case "csi": return await CsiCommand.RunAsync(rest, output, errors);
                case "daemon": return await DaemonCommand.RunAsync(rest, errors);
                case "down": return await DownCommand.RunAsync(rest, output);
                case "fsck": return await CheckCommand.RunAsync(rest, output, errors);
                case "storage": return await StorageCommand.RunAsync(rest, output);
                case "volume": return await VolumeCommand.RunAsync(rest, output);
                case "version" or "--version" or "-v": return VersionCommand.Run(output);
                case "help" or "--help" or "-h": return HelpCommand.Run(rest, output);
                default:
                    await errors.WriteLineAsync($"strake: unknown command: {name}\nSee 'strake help'.");
                    return Misused;
            }
        }
        catch (StrakeException e)
        {
            bool misused = e.Kind is ErrorKind.Invalid or ErrorKind.NotSupported;
            await errors.WriteLineAsync($"strake {name}: {e.Message}" + (misused ? $"\nSee 'strake help {name}'." : ""));
            return misused ? Misused : Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"strake {name}: {e.Message}");
            return Failed;
        }
    }
}
