using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.Server;

/// <summary>Makes listening sockets. A unix socket is never, not for a moment, open to more than its owner and group.</summary>
/// <param name="group">The group that may connect; null: root alone.</param>
sealed class ListenSocket(uint? group)
{
    /// <summary>Binds a socket.</summary>
    /// <param name="endPoint">A unix path, whose directory is made if missing, or an IP address.</param>
    /// <exception cref="StrakeException">Unavailable: something else listens there, or the address cannot be had.</exception>
    public Socket Bind(EndPoint endPoint)
    {
        try
        {
            return endPoint is UnixDomainSocketEndPoint unix ? BindUnix(unix) : BindTcp((IPEndPoint)endPoint);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            throw StrakeException.Unavailable($"cannot listen on {new ListenAddress(endPoint)}: {e.Message}", e);
        }
    }

    Socket BindUnix(UnixDomainSocketEndPoint endPoint)
    {
        string path = endPoint.ToString();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RemoveStale(endPoint, path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // bind(2) gives the file the mode of the socket's own inode, less the umask.
            using (var inode = new SafeFileHandle(socket.Handle, ownsHandle: false)) Syscall.Chmod(inode, Permissions.Octal0600);
            socket.Bind(endPoint);
            if (group is { } gid)
            {
                Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(path), Syscall.KeepOwner, gid);
                File.SetUnixFileMode(path, Permissions.Octal0660);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A daemon that was killed leaves its socket behind, and bind(2) refuses a name that exists.
    static void RemoveStale(UnixDomainSocketEndPoint endPoint, string path)
    {
        if (!File.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw StrakeException.Unavailable($"cannot listen on unix://{path}: another daemon answers there; stop it or choose another -H");
    }

    static Socket BindTcp(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
