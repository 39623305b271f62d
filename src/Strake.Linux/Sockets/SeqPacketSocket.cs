using System.Net.Sockets;

namespace Strake.Linux;

/// <summary>A unix socket that keeps the borders of messages (SOCK_SEQPACKET, <c>unix(7)</c>), such as conmon's attach socket.</summary>
public sealed class SeqPacketSocket : IDisposable
{
    SeqPacketSocket(Socket socket) => Socket = socket;

    /// <summary>The socket, which stays this one's.</summary>
    public Socket Socket { get; }

    /// <summary>Connects to a path of any length.</summary>
    /// <exception cref="SocketException">Nobody listens there, or it is of another kind.</exception>
    /// <exception cref="LinuxException">A long path's directory cannot be opened.</exception>
    public static async Task<SeqPacketSocket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        using var address = new UnixSocketPath(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellationToken);
            return new(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a connected socket of this kind.</summary>
    public static SeqPacketSocket Own(Socket socket) => new(socket);

    /// <summary>Sends one message; not an empty one, which would look like the end.</summary>
    /// <exception cref="SocketException">The other side is closed, or the message is larger than the socket's buffer (EMSGSIZE).</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (message.IsEmpty)
            throw new ArgumentException("A message cannot be empty.", nameof(message));

        await Socket.SendAsync(message, SocketFlags.None, cancellationToken);
    }

    /// <summary>Receives one message; what does not fit the buffer is lost.</summary>
    /// <returns>Its length; 0 when the other side is closed.</returns>
    /// <exception cref="SocketException">The connection failed.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        Socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>Says that no more will be sent; messages can still be received.</summary>
    /// <exception cref="SocketException">The connection failed.</exception>
    public void ShutdownSend() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes the connection.</summary>
    public void Dispose() => Socket.Dispose();
}
