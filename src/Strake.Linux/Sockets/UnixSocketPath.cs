using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// The address of a unix socket whose path may be longer than the 107 bytes of sockaddr_un (<c>unix(7)</c>): it is then named through the open
/// directory that it is in, as <c>/proc/self/fd/N/name</c>. Dispose it after connect or bind.
/// </summary>
public sealed class UnixSocketPath : IDisposable
{
    const int LongestPath = 107;

    readonly SafeFileHandle? directory;

    /// <summary>Makes the address of a path.</summary>
    /// <exception cref="LinuxException">The path is long and its directory cannot be opened.</exception>
    /// <exception cref="ArgumentException">The last name alone is too long.</exception>
    public UnixSocketPath(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            var full = Path.GetFullPath(path);
            directory = Syscall.Open(Path.GetDirectoryName(full) ?? "/", OpenFlags.Path | OpenFlags.Directory);
            path = $"{Syscall.ProcPath(directory)}/{Path.GetFileName(full)}";
        }

        try
        {
            EndPoint = new UnixDomainSocketEndPoint(path);
        }
        catch
        {
            directory?.Dispose();
            throw;
        }
    }

    /// <summary>The address, for as long as this is not disposed.</summary>
    public UnixDomainSocketEndPoint EndPoint { get; }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => directory?.Dispose();
}
