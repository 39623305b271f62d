using System.Net.Sockets;

namespace Strake.Linux;

/// <summary>Two connected unix sockets (<c>socketpair(2)</c>). Disposing disposes both.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
public sealed record UnixSocketPair(Socket First, Socket Second) : IDisposable
{
    /// <summary>Makes a pair.</summary>
    /// <param name="type">Stream, Dgram or Seqpacket.</param>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static UnixSocketPair Create(SocketType type = SocketType.Stream)
    {
        var (first, second) = Syscall.SocketPair(type);
        return new(new Socket(first), new Socket(second));
    }

    /// <summary>Closes both.</summary>
    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
