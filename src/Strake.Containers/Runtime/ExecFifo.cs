using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Lets a created container run. Its process waits at a fifo in the runtime's state folder; what the runtime's command
/// <c>start</c> does beyond opening it is a matter of hooks, which are not used here, so that the fifo is opened directly
/// and a program's start is saved.
/// </summary>
/// <remarks>
/// runc: the process opens the fifo for writing and waits for a reader, then writes one byte (libcontainer,
/// <c>awaitFifoOpen</c>). crun: it has it open for reading and waits for a byte (<c>libcrun_status_write_exec_fifo</c>).
/// Both take a fifo that is gone to mean that the container runs.
/// </remarks>
static class ExecFifo
{
    const string Name = "exec.fifo";

    /// <summary>Lets the process run.</summary>
    /// <param name="runtime">The runtime that made it.</param>
    /// <param name="stateFolder">The runtime's state of it.</param>
    /// <param name="cancellationToken">Ends the wait for a process that does not come to the fifo.</param>
    /// <returns>False when there is no such fifo, or no process at it: the command has to find out.</returns>
    public static async Task<bool> TryReleaseAsync(OciRuntime runtime, string stateFolder, CancellationToken cancellationToken)
    {
        string path = $"{stateFolder}/{Name}";
        return runtime.IsCrun ? TryWrite(path) : await TryReadAsync(path, cancellationToken);
    }

    static bool TryWrite(string path)
    {
        try
        {
            using SafeFileHandle? fifo = Syscall.TryOpen(path, OpenFlags.WriteOnly | OpenFlags.NonBlocking);
            if (fifo is null)
                return false;
            File.Delete(path);
            return Syscall.TryWrite(fifo, "\0"u8) == 1;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENXIO or Errno.EPIPE)
        {
            // Observed: the process was killed while it waited, nobody has the fifo open.
            return false;
        }
    }

    static async Task<bool> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        using SafeFileHandle? fifo = Syscall.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (fifo is null)
            return false;
        byte[] buffer = new byte[1];
        await Readiness.WaitAsync(fifo, PollEvents.Readable, cancellationToken);
        if (Syscall.TryRead(fifo, buffer) != 1)
            return false;
        File.Delete(path);
        return true;
    }
}
