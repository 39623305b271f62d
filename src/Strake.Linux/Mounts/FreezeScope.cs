using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// A file system whose writers wait, until this is disposed. Several of one process may overlap: writes go on with the end of the last. A
/// killed process leaves a file system frozen: <see cref="Thaw"/> is for who comes after it.
/// </summary>
public sealed class FreezeScope : IDisposable
{
    static readonly ConcurrentDictionary<DeviceNumber, Frozen> s_frozen = [];

    readonly SafeFileHandle top;
    readonly Frozen frozen;

    FreezeScope(SafeFileHandle top, Frozen frozen)
    {
        this.top = top;
        this.frozen = frozen;
    }

    /// <summary>Freezes the file system that a directory lies on. One that a killed process has left frozen is frozen anew.</summary>
    /// <exception cref="LinuxException">It cannot be frozen (EOPNOTSUPP), or not by this process (EPERM).</exception>
    public static FreezeScope Of(string directory)
    {
        SafeFileHandle opened = Syscall.Open(directory, OpenFlags.Directory);
        try
        {
            // Entries are few and stay: a removal would race with who takes the entry meanwhile.
            Frozen count = s_frozen.GetOrAdd(Syscall.Stat(opened).Device, static _ => new Frozen());
            lock (count)
            {
                if (count.Scopes == 0)
                {
                    Syscall.TryThaw(opened);
                    Syscall.Freeze(opened);
                }

                count.Scopes++;
            }

            return new FreezeScope(opened, count);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Lets writes go on where a killed process has left a file system frozen; false where none had.</summary>
    public static bool Thaw(string directory)
    {
        using SafeFileHandle opened = Syscall.Open(directory, OpenFlags.Directory);
        return Syscall.TryThaw(opened);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (top.IsClosed)
            return;
        lock (frozen)
        {
            if (--frozen.Scopes == 0)
                Syscall.TryThaw(top);
        }

        top.Dispose();
    }

    sealed class Frozen
    {
        public int Scopes { get; set; }
    }
}
