using System.Net;
using System.Net.Sockets;
using Strake.Linux;

namespace Strake.Daemon.Server;

/// <summary>Makes the daemon's listening sockets. A unix socket is never, not for a moment, open to more than its owner and group.</summary>
/// <param name="group">The group that may connect; null: root alone.</param>
sealed class ListenSocket(uint? group)
{
    static readonly Grpc.ListenSocket s_closed = new(Permissions.Octal0600);

    /// <summary>Binds a socket.</summary>
    /// <param name="endPoint">A unix path, whose directory is made if missing, or an IP address.</param>
    /// <exception cref="StrakeException">Unavailable: something else listens there, or the address cannot be had.</exception>
    public Socket Bind(EndPoint endPoint)
    {
        try
        {
            Socket socket = s_closed.Bind(endPoint);
            if (group is { } gid && endPoint is UnixDomainSocketEndPoint unix) Open(unix.ToString(), gid);
            return socket;
        }
        catch (IOException e)
        {
            throw StrakeException.Unavailable($"{e.Message}; stop what is there, or choose another -H", e);
        }
    }

    static void Open(string path, uint group)
    {
        Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(path), Syscall.KeepOwner, group);
        File.SetUnixFileMode(path, Permissions.Octal0660);
    }
}
