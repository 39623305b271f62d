using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.Composition;

/// <summary>
/// The file that says which process the daemon is, for those who want to stop it. The daemon holds a lock on it: a file without one was
/// left by a daemon that died, and the number in it may be anybody's by now.
/// </summary>
public sealed class PidFile : IDisposable
{
    readonly SafeFileHandle file;
    readonly string path;

    PidFile(SafeFileHandle file, string path)
    {
        this.file = file;
        this.path = path;
    }

    /// <summary>Writes this process's number.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <exception cref="StrakeException">Unavailable: a daemon runs that uses the same file.</exception>
    public static PidFile Write(string path)
    {
        SafeFileHandle opened = Syscall.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, Permissions.Octal0644);
        if (!Syscall.TryFlock(opened, LockKind.Exclusive))
        {
            opened.Dispose();
            throw StrakeException.Unavailable($"a daemon is running with the pid file {path}: stop it, or choose another --exec-root or --pidfile");
        }

        byte[] text = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        RandomAccess.SetLength(opened, 0);
        RandomAccess.Write(opened, text, 0);
        return new(opened, path);
    }

    /// <summary>The process of the daemon that holds a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its number; null when no daemon holds the file.</returns>
    public static int? FindHolder(string path)
    {
        using SafeFileHandle? found = Syscall.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (found is null || Syscall.TryFlock(found, LockKind.Shared)) return null;
        Span<byte> text = stackalloc byte[16];
        int length = RandomAccess.Read(found, text, 0);
        return int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : null;
    }

    /// <summary>Removes the file, while it is still held, and gives it up.</summary>
    public void Dispose()
    {
        File.Delete(path);
        file.Dispose();
    }
}
