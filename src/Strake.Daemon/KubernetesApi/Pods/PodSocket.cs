using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>Connections to what listens inside a pod, also where it listens on the pod's loopback alone.</summary>
static class PodSocket
{
    /// <summary>Connects to a port of a pod.</summary>
    /// <param name="networkNamespace">The path of the pod's network namespace.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="LinuxException">The pod's network is gone.</exception>
    public static async Task<Socket> ConnectAsync(string networkNamespace, int port, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAsync(networkNamespace, new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            try
            {
                return await ConnectAsync(networkNamespace, new IPEndPoint(IPAddress.IPv6Loopback, port), cancellationToken);
            }
            catch (SocketException)
            {
                throw e;
            }
        }
    }

    static async Task<Socket> ConnectAsync(string networkNamespace, IPEndPoint target, CancellationToken cancellationToken)
    {
        Socket socket = await MakeInAsync(networkNamespace, target.AddressFamily);
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A socket belongs to the network that its thread was in when it was made, and stays there.
    static Task<Socket> MakeInAsync(string networkNamespace, AddressFamily family)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using SafeFileHandle network = Syscall.Open(networkNamespace, OpenFlags.ReadOnly);
                Syscall.SetNs(network, Namespaces.Network);
                made.SetResult(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            }
            catch (Exception e)
            {
                made.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return made.Task;
    }
}
