using Strake.Daemon.Configuration;

namespace Strake.Cli;

/// <summary><c>strake help</c>.</summary>
static class HelpCommand
{
    const string Overview =
        """
        Usage: strake COMMAND [OPTIONS]

        One engine under every byte that a container keeps, driven by the docker command.

        Commands:
          daemon    Run the engine in the foreground
          down      Stop a running daemon; containers go on
          fsck      Compare what is recorded with what is on disk and what runs
          version   Show the version
          help      Show this, or the options of a command

        Talk to a running daemon with docker:
          export DOCKER_HOST=unix:///run/strake/docker.sock
        """;

    const string Down =
        """
        Usage: strake down [OPTIONS]

        Stops the daemon and waits for its end. Containers go on.

        Options:
              --exec-root string   The daemon's exec root (default /run/strake)
          -p, --pidfile string     The daemon's pid file (default strake.pid in exec-root)
        """;

    const string Check =
        """
        Usage: strake fsck [OPTIONS]

        Compares what is recorded with what is on disk and what runs, and changes nothing. A running daemon is asked;
        without one the stores are opened, which finishes or undoes what a killed daemon left unfinished.
        Exit code: 0 nothing found, 1 something found, 2 it could not be checked.

        Options:
          -g, --data-root string        The daemon's data root (default /var/lib/strake)
              --exec-root string        The daemon's exec root (default /run/strake)
          -H, --host string             The daemon's socket (default docker.sock in exec-root)
          -s, --storage-driver string   The storage driver, where no daemon runs
        """;

    /// <summary>Shows the help of a command, or the overview.</summary>
    public static int Run(IReadOnlyList<string> words, TextWriter output)
    {
        switch (words.Count == 0 ? "" : words[0])
        {
            case "daemon": WriteDaemon(output); break;
            case "down": output.WriteLine(Down); break;
            case "fsck": output.WriteLine(Check); break;
            default: output.WriteLine(Overview); break;
        }

        return 0;
    }

    static void WriteDaemon(TextWriter output)
    {
        output.WriteLine("Usage: strake daemon [OPTIONS]\n\nRuns the engine in the foreground. Options have dockerd's names.\n\nOptions:");
        foreach (DaemonSetting setting in DaemonSettings.All)
        {
            string flag = (setting.Letter is { } letter ? $"-{letter}, " : "    ") + "--" + setting.Flag + (setting.Kind switch
            {
                SettingKind.Text => " string",
                SettingKind.List => " list",
                SettingKind.Switch => "",
                _ => throw new InvalidOperationException($"setting kind {setting.Kind} has no name"),
            });
            output.WriteLine($"  {flag,-30} {setting.Help}");
        }

        output.WriteLine($"      {"--config-file string",-26} Settings as JSON, with daemon.json's keys (default {DaemonOptionsReader.DefaultFile})");
    }
}
