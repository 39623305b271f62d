using System.Net.Sockets;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>A socket on which a client's SSH agent answers, for the processes of a build.</summary>
/// <remarks>Each connection is a call of its own to the client. Disposing it ends them all and removes the socket.</remarks>
sealed class AgentSocket : IAsyncDisposable
{
    const int MaxConnections = 64;

    readonly IBuildSession session;
    readonly string id;
    readonly Socket listener;
    readonly CancellationTokenSource ended;
    readonly SemaphoreSlim places = new(MaxConnections);
    readonly Task accepting;

    AgentSocket(IBuildSession session, string id, string path, Socket listener)
    {
        this.session = session;
        this.id = id;
        this.listener = listener;
        Path = path;
        ended = CancellationTokenSource.CreateLinkedTokenSource(session.Closed);
        accepting = AcceptAsync();
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes the socket; it answers at once.</summary>
    /// <param name="session">The client.</param>
    /// <param name="id">The agent's id; empty is <c>default</c>.</param>
    /// <param name="path">Where; its directory exists.</param>
    /// <param name="owner">Whose it is: user and group.</param>
    /// <param name="mode">Who may connect.</param>
    /// <exception cref="StrakeException">It cannot be made.</exception>
    public static AgentSocket Listen(IBuildSession session, string id, string path, (uint Uid, uint Gid) owner, UnixFileMode mode)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            Syscall.ChownAt(Syscall.WorkingDirectory, PathBytes.Encode(path), owner.Uid, owner.Gid);
            File.SetUnixFileMode(path, mode);
            socket.Listen();
            return new AgentSocket(session, id, path, socket);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw StrakeException.Internal($"the socket {path} of the SSH agent cannot be made: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        await accepting;
        File.Delete(Path);
        ended.Dispose();
        places.Dispose();
    }

    async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                await places.WaitAsync(ended.Token);
                Socket socket = await listener.AcceptAsync(ended.Token);
                connections.RemoveAll(static connection => connection.IsCompleted);
                connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed, or the client has gone.
        }

        await Task.WhenAll(connections);
    }

    async Task ServeAsync(Socket socket)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        try
        {
            await using var connection = new NetworkStream(socket, ownsSocket: true);
            await using CallStream agent = session.OpenAgent(id, over.Token);
            Task asking = AskAsync(connection, agent, over.Token);
            // The agent has the last word; who has asked may have shut down its side before.
            await agent.CopyToAsync(connection, over.Token);
            await over.CancelAsync();
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Either side has gone.
        }
        finally
        {
            places.Release();
        }
    }

    static async Task AskAsync(NetworkStream connection, CallStream agent, CancellationToken cancellationToken)
    {
        await connection.CopyToAsync(agent, cancellationToken);
        agent.CompleteWrites();
    }
}
