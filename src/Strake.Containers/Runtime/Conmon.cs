using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Starts conmon, which runs the runtime, holds the container's process, keeps its log and its sockets, and writes down its
/// exit code. It does so without the engine, which may end and come again.
/// </summary>
/// <param name="path">conmon's path.</param>
/// <param name="runtime">The runtime.</param>
/// <param name="folder">Where running containers lie.</param>
sealed class Conmon(string path, OciRuntime runtime, RunFolder folder)
{
    const int SyncDescriptor = 3;
    const int StartDescriptor = 4;
    const int AttachDescriptor = 5;

    /// <summary>The runtime that it starts.</summary>
    public OciRuntime Runtime => runtime;

    /// <summary>Starts conmon for a container; on return it runs, and the runtime may still be at work. For the mount thread.</summary>
    /// <param name="start">The container.</param>
    public ConmonProcess Create(ConmonStart start)
    {
        List<string> arguments =
        [
            .. Common(start.Id, folder.Bundle(start.Id)),
            "--exit-dir", folder.Exits,
            "--log-path", start.LogPath is null ? "off" : $"k8s-file:{start.LogPath}",
        ];
        if (start.LogSizeMaxBytes is { } max)
            arguments.AddRange(["--log-size-max", max.ToString(CultureInfo.InvariantCulture)]);
        AddStdio(arguments, start.Tty, start.Stdin, start.KeepStdinOpen);

        using Pipe sync = Syscall.Pipe2();
        ChildProcess process = Start(arguments, folder.Bundle(start.Id), new() { [SyncDescriptor] = sync.Write }, ["_OCI_SYNCPIPE"]);
        sync.Write.Dispose();
        return new ConmonProcess(process, new SyncPipe(Keep(sync.Read)), start: null, attach: null);
    }

    /// <summary>
    /// Starts conmon for an exec. It opens the exec's socket, says so on the attach pipe, and starts the process when the
    /// start pipe is written to a second time.
    /// </summary>
    /// <param name="start">The exec.</param>
    public ConmonProcess Exec(ConmonExec start)
    {
        string directory = folder.Exec(start.ContainerId, start.ExecId);
        List<string> arguments =
        [
            .. Common(start.ContainerId, directory),
            "--exec", "--exec-attach", "--exec-process-spec", $"{directory}/process.json",
            "--log-path", "off",
        ];
        AddStdio(arguments, start.Tty, start.Stdin, keepOpen: start.Tty);

        using Pipe sync = Syscall.Pipe2();
        using Pipe begin = Syscall.Pipe2();
        using Pipe attach = Syscall.Pipe2();
        ChildProcess process = Start(
            arguments,
            directory,
            new() { [SyncDescriptor] = sync.Write, [StartDescriptor] = begin.Read, [AttachDescriptor] = attach.Write },
            ["_OCI_SYNCPIPE", "_OCI_STARTPIPE", "_OCI_ATTACHPIPE"]);
        sync.Write.Dispose();
        begin.Read.Dispose();
        attach.Write.Dispose();
        return new ConmonProcess(process, new SyncPipe(Keep(sync.Read)), Keep(begin.Write), new SyncPipe(Keep(attach.Read)));
    }

    string[] Common(string id, string directory) =>
    [
        "--api-version", "1",
        // One fork less, and the child that we know is the one that stays.
        "--sync",
        "--cid", id,
        "--cuuid", id,
        "--runtime", runtime.Path,
        "--runtime-arg", $"--root={folder.RuntimeRoot}",
        "--bundle", directory,
        "--container-pidfile", $"{directory}/pid",
        // The socket lies in the bundle itself; we connect through a descriptor where its path is long.
        "--full-attach",
        // To write back the log at every exit costs a wait for the disk, and promises what Docker's log does not.
        "--no-sync-log",
        "--log-level", "error",
    ];

    static void AddStdio(List<string> arguments, bool tty, bool stdin, bool keepOpen)
    {
        if (tty)
            arguments.Add("--terminal");
        if (stdin)
            arguments.Add("--stdin");
        // Without it, conmon closes the container's stdin when a client's connection ends.
        if (keepOpen)
            arguments.Add("--leave-stdin-open");
    }

    ChildProcess Start(List<string> arguments, string directory, Dictionary<int, SafeHandle> descriptors, string[] names) =>
        ChildProcess.Start(new ChildProcessStart
        {
            Program = path,
            Arguments = arguments,
            Environment =
            [
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                // Where conmon makes the socket that a terminal comes through: not in /tmp, which is everybody's.
                $"TMPDIR={ConsoleFolder}",
                // Times in the log are local ones; those of clients are UTC.
                "TZ=UTC0",
                .. names.Select(static (name, index) => string.Create(CultureInfo.InvariantCulture, $"{name}={SyncDescriptor + index}")),
            ],
            // conmon leaves its file "oom" where it works.
            WorkingDirectory = directory,
            Descriptors = descriptors,
        });

    // conmon cuts a socket's path after 107 bytes (sockaddr_un), its own part of it being /conmon-term.XXXXXX.
    string ConsoleFolder => folder.RuntimeRoot.Length <= 107 - 19 ? folder.RuntimeRoot : "/tmp";

    // The pair's scope closes what is not taken out of it.
    static SafeFileHandle Keep(SafeFileHandle handle) => Syscall.Duplicate(handle);
}
