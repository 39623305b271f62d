using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Strake.Grpc;

/// <summary>Makes listening sockets, for any server. A unix socket is never, not for a moment, open to more than it shall be.</summary>
/// <param name="mode">The mode of a unix socket.</param>
public sealed class ListenSocket(UnixFileMode mode)
{
    /// <summary>Binds a socket. A unix socket on which nobody answers any more makes way.</summary>
    /// <param name="endPoint">A unix path, whose directory is made if missing, or an IP address.</param>
    /// <returns>The socket, which does not listen yet; the caller disposes it.</returns>
    /// <exception cref="IOException">Something else listens there, a file of that name is no socket, or the address cannot be had.</exception>
    public Socket Bind(EndPoint endPoint)
    {
        try
        {
            return endPoint is UnixDomainSocketEndPoint unix ? BindUnix(unix) : BindTcp((IPEndPoint)endPoint);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot listen on {GrpcAddress.Of(endPoint)}: {e.Message}", e);
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
            // bind(2) gives the file the mode of the socket's own inode, less the umask; what the umask took comes back after it.
            using (var inode = new SafeFileHandle(socket.Handle, ownsHandle: false)) File.SetUnixFileMode(inode, mode);
            socket.Bind(endPoint);
            File.SetUnixFileMode(path, mode);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A server that was killed leaves its socket behind, and bind(2) refuses a name that exists. What is no socket is not ours to remove.
    static void RemoveStale(UnixDomainSocketEndPoint endPoint, string path)
    {
        if (!File.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            throw new IOException("there is a file of that name which is no socket", e);
        }

        throw new IOException("another server answers there");
    }

    // connect(2) refuses a plain file as it refuses a socket on which nobody listens; but no socket can be opened. For writing too, as a
    // pipe that is opened for reading alone waits for its writer.
    static bool IsSocket(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
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
