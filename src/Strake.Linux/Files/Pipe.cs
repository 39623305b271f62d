using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>The two ends of a pipe; see <see cref="Syscall.Pipe2"/>. Disposing disposes both.</summary>
/// <param name="Read">The end to read from.</param>
/// <param name="Write">The end to write to.</param>
public sealed record Pipe(SafeFileHandle Read, SafeFileHandle Write) : IDisposable
{
    /// <summary>Closes both ends; an end that is closed already stays so.</summary>
    public void Dispose()
    {
        Read.Dispose();
        Write.Dispose();
    }
}
