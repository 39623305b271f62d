using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>A container's process while it lives.</summary>
/// <param name="pid">Its number.</param>
/// <param name="process">A handle of it.</param>
/// <param name="conmonPid">The number of its conmon.</param>
/// <param name="conmonExited">Completes at the end of its conmon.</param>
/// <param name="startedAt">When it began.</param>
sealed class ContainerRun(int pid, SafeFileHandle process, int conmonPid, Task conmonExited, DateTimeOffset startedAt) : IDisposable
{
    /// <summary>Its number.</summary>
    public int Pid => pid;

    /// <summary>The number of its conmon, in whose mount namespace its root file system lies.</summary>
    public int ConmonPid => conmonPid;

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Completes at the end of its conmon.</summary>
    public Task ConmonExited => conmonExited;

    /// <summary>Whether somebody asked for its end.</summary>
    public bool StoppedByUser { get; set; }

    /// <summary>Completes when the end of the run has been written down, and its network, cgroups and folders are gone.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends the process a signal; false when it has ended.</summary>
    public bool Send(Signal signal)
    {
        try
        {
            return Syscall.PidfdSendSignal(process, signal);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Lets go of the handle.</summary>
    public void Dispose() => process.Dispose();
}
