using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Strake.Linux;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>Ports of a pod for a client of <c>kubectl port-forward</c>: for each connection it opens two streams, one for data and one for what goes wrong.</summary>
/// <remarks>The protocol <c>portforward.k8s.io</c>: the streams of a connection have the same <c>requestid</c>, and name the port.</remarks>
/// <param name="pod">The pod, as messages name it.</param>
/// <param name="networkNamespace">The path of the pod's network namespace.</param>
sealed class PortForward(string pod, string networkNamespace)
{
    const int MaxPort = 65535;

    readonly ConcurrentDictionary<string, SpdyStream> halves = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Task, bool> connections = [];

    /// <summary>Serves a client until it goes; what is open then is closed.</summary>
    /// <param name="transport">The connection to it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Stream transport, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var session = new SpdySession(transport);
        try
        {
            await session.RunAsync(stream => Take(stream, ending.Token), ending.Token);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException)
        {
            // It has gone, or says what nobody understands: there is nobody to tell.
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(connections.Keys);
        }
    }

    void Take(SpdyStream stream, CancellationToken cancellationToken)
    {
        string request = stream.Headers.GetValueOrDefault("requestid") ?? stream.Headers.GetValueOrDefault("port") ?? "";
        if (!halves.TryRemove(request, out SpdyStream? other))
        {
            halves[request] = stream;
            return;
        }

        (SpdyStream data, SpdyStream errors) = stream.Headers.GetValueOrDefault("streamtype") == "data" ? (stream, other) : (other, stream);
        Task connection = Task.Run(() => ServeAsync(data, errors, cancellationToken), CancellationToken.None);
        connections[connection] = true;
        _ = connection.ContinueWith(done => connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    async Task ServeAsync(SpdyStream data, SpdyStream errors, CancellationToken cancellationToken)
    {
        try
        {
            if (await ForwardAsync(data, cancellationToken) is { } failure) await errors.WriteAsync(Encoding.UTF8.GetBytes(failure), cancellationToken);
            await data.EndAsync(cancellationToken);
            await errors.EndAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone.
        }
        finally
        {
            data.Close();
            errors.Close();
        }
    }

    // What went wrong; null: nothing.
    async Task<string?> ForwardAsync(SpdyStream data, CancellationToken cancellationToken)
    {
        if (!int.TryParse(data.Headers.GetValueOrDefault("port"), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > MaxPort)
            return $"error forwarding to pod {pod}: \"{data.Headers.GetValueOrDefault("port")}\" is no port";
        try
        {
            using Socket socket = await PodSocket.ConnectAsync(networkNamespace, port, cancellationToken);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task sending = SendAsync(data.Input, socket, ended.Token);
            await ReceiveAsync(socket, data, cancellationToken);

            // Nothing more comes from the pod: what the client might say still, nobody answers.
            await ended.CancelAsync();
            await sending;
            return null;
        }
        catch (Exception e) when (e is SocketException or LinuxException)
        {
            return $"error forwarding port {port.ToString(CultureInfo.InvariantCulture)} to pod {pod}: {e.Message}";
        }
    }

    static async Task SendAsync(PipeReader input, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> part in read.Buffer)
                    for (ReadOnlyMemory<byte> rest = part; !rest.IsEmpty;) rest = rest[await socket.SendAsync(rest, cancellationToken)..];
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (OperationCanceledException)
        {
            // The pod's side has ended.
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // One side has broken: the other direction ends with it.
            socket.Close();
        }
    }

    static async Task ReceiveAsync(Socket socket, SpdyStream data, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer, cancellationToken)) > 0) await data.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset, or closed because the client's side broke: over in any case.
        }
    }
}
