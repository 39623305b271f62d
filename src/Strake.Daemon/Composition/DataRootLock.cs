using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.Composition;

/// <summary>The right to use a data root: one daemon at a time. Given up when disposed, and by the kernel when the process dies.</summary>
sealed class DataRootLock : IDisposable
{
    const string FileName = "strake.lock";
    readonly SafeFileHandle file;

    DataRootLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the right.</summary>
    /// <param name="dataRoot">The data root; exists.</param>
    /// <exception cref="StrakeException">Unavailable: another daemon has it.</exception>
    public static DataRootLock Take(string dataRoot)
    {
        string path = Path.Combine(dataRoot, FileName);
        SafeFileHandle opened = Syscall.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, Permissions.Octal0600);
        if (Syscall.TryFlock(opened, LockKind.Exclusive)) return new(opened);
        opened.Dispose();
        throw StrakeException.Unavailable($"the data root {dataRoot} is in use by another daemon: stop it, or choose another --data-root");
    }

    /// <summary>Gives the right up. The file stays: removing it would let two daemons lock two files of one name.</summary>
    public void Dispose() => file.Dispose();
}
