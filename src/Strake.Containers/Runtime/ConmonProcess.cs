using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>A conmon that we started, with its pipes. Disposing closes the pipes; conmon goes on.</summary>
sealed class ConmonProcess(ChildProcess process, SyncPipe sync, SafeFileHandle? start, SyncPipe? attach) : IDisposable
{
    /// <summary>Its number.</summary>
    public int Id => process.Id;

    /// <summary>Completes at its end.</summary>
    public Task<ExitStatus> Exited => process.Exited;

    /// <summary>Waits for what conmon says next: of a container its process's number; of an exec that, then its exit code.</summary>
    /// <returns>The message; null when it has ended without one.</returns>
    public Task<SyncMessage?> ReadAsync(CancellationToken cancellationToken) => sync.ReadAsync(cancellationToken);

    /// <summary>Waits until an exec's socket is there.</summary>
    /// <returns>False when conmon has ended before.</returns>
    public async Task<bool> WaitForSocketAsync(CancellationToken cancellationToken) =>
        await attach!.ReadAsync(cancellationToken) is not null;

    /// <summary>Lets an exec go on to its next step.</summary>
    public void Proceed() => Syscall.TryWrite(start!, "\0"u8);

    /// <summary>Closes the pipes.</summary>
    public void Dispose()
    {
        sync.Dispose();
        start?.Dispose();
        attach?.Dispose();
    }
}
