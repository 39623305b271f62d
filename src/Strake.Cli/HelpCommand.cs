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
          csi       Serve volumes to an orchestrator, without the engine
          daemon    Run the engine in the foreground
          down      Stop a running daemon; containers go on
          fsck      Compare what is recorded with what is on disk and what runs
          storage   Move all layers to another storage driver
          volume    Snapshots, clones, sizes and users of volumes; the trash
          version   Show the version
          help      Show this, or the options of a command

        Talk to a running daemon with docker:
          export DOCKER_HOST=unix:///run/strake/docker.sock
        """;

    const string Csi =
        """
        Usage: strake csi --endpoint unix:///PATH [OPTIONS]
               strake csi record SOCKET --listen unix:///PATH --to FILE
               strake csi replay SOCKET --from FILE
               strake csi torture SOCKET --listen unix:///PATH [--seed N]

        Serves local volumes as the driver strake.csi of the Container Storage Interface, in the foreground and without the
        engine, as on the nodes of a cluster. A daemon serves its own volumes so by strake daemon --csi-endpoint.

        record stands in front of any driver and writes its calls down, without secrets; replay makes them again and tells
        where answers differ; torture repeats, delays and cuts them. All tell which rules of the specification are broken.
        Exit code: 0 nothing found, 1 something found.

        Options:
              --endpoint string    The socket, unix:///path or tcp://address:port (default: the variable CSI_ENDPOINT); repeatable
              --data-root string   Where volumes and records are (default /var/lib/strake-csi)
              --node-id string     This machine's name among its orchestrator's (default: the variable NODE_ID, or the host's name)
              --expand-on-node     Volumes grow by the node's call alone, as in a cluster of several nodes
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

    const string Storage =
        """
        Usage: strake storage migrate --to DRIVER [OPTIONS]

        Moves all image layers, and the layers of stopped containers with their changes, to another storage driver. The daemon
        and all containers are stopped first. Each layer is verified; until all of them are, the old driver has them unchanged.
        Interrupted at any point, it can be repeated.

        Options:
              --to string               The storage driver that is to keep the layers
          -g, --data-root string        The daemon's data root (default /var/lib/strake)
              --storage-opt list        Options of that driver, key=value
        """;

    const string Volume =
        """
        Usage: strake volume COMMAND [OPTIONS]

        What docker's command has no words for. A running daemon is asked.

        Commands:
          resize NAME SIZE   Give a volume another size; it may grow while it is used
          modify NAME KEY=VALUE...   Change parameters of a volume that its CSI driver can change
          df [NAME]          Show what volumes hold, and what they may hold, without walking them
          why NAME           Show who uses a volume, where, in which mode, since when
          release NAME USER  End the use of a volume by another engine that is gone; why names it

          snapshot NAME [SNAPSHOT]         Keep a volume's content as it is now
          group-snapshot SNAPSHOT NAME...  Keep several volumes' content, all as it is at one moment (CSI)
          snapshots NAME                   List a volume's snapshots
          rollback NAME@SNAPSHOT           Give a volume the content that it had; nobody may have it mounted
          clone NAME[@SNAPSHOT] NEW        Make a volume with another's content
          export NAME[@SNAPSHOT]           Write a volume's content as a tar, to standard output, --output or --oci
          import NAME FILE                 Make a volume of a tar; - is standard input
          import NAME --oci DIR[:TAG]      Make a volume of an export to --oci, the newest or that of the tag
          rename NAME NEW                  Give a volume that nobody uses another name
          rm NAME[@SNAPSHOT]...            Put volumes into the trash; remove snapshots
          trash                            List the trash
          trash empty                      Remove for good what is in it
          restore NAME [NEW]               Take a volume out of the trash

        Options:
              --keep time          With rm: how long the trash keeps it, such as 12h (default 7d)
          -o, --opt key=value      With import: an option of the driver local, such as size=1g
              --output file        With export: where to
              --oci dir[:tag]      With export: add it to an OCI layout, under the snapshot's name or a tag, for a registry or an archive
              --since snapshot     With export: only what changed since; with --oci, since the export of that snapshot or tag
              --onto volume        With import: the tar tells changes of this volume, or VOLUME@SNAPSHOT; the new one begins as it
              --exec-root string   The daemon's exec root (default /run/strake)
          -H, --host string        The daemon's socket (default docker.sock in exec-root)
        """;

    /// <summary>Shows the help of a command, or the overview.</summary>
    public static int Run(IReadOnlyList<string> words, TextWriter output)
    {
        switch (words.Count == 0 ? "" : words[0])
        {
            case "csi": output.WriteLine(Csi); break;
            case "daemon": WriteDaemon(output); break;
            case "down": output.WriteLine(Down); break;
            case "storage": output.WriteLine(Storage); break;
            case "fsck": output.WriteLine(Check); break;
            case "volume": output.WriteLine(Volume); break;
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
                SettingKind.Number => " int",
                SettingKind.Switch => "",
                _ => throw new InvalidOperationException($"setting kind {setting.Kind} has no name"),
            });
            output.WriteLine($"  {flag,-30} {setting.Help}");
        }

        output.WriteLine($"      {"--config-file string",-26} Settings as JSON, with daemon.json's keys (default {DaemonOptionsReader.DefaultFile})");
    }
}
