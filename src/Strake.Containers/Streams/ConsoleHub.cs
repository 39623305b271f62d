using System.Net.Sockets;
using Strake.Linux;

namespace Strake.Containers.Streams;

/// <summary>
/// The streams of one run of a process: one connection to conmon, and any number of clients. Clients that come before the
/// start are connected before the process runs, so that they miss nothing.
/// </summary>
/// <remarks>
/// conmon sends each piece of output as a packet whose first byte is the stream, and writes to a slow reader until it has
/// taken it; here each packet is handed to all clients before the next is read. So the slowest client sets the pace of the
/// process, and nothing is kept in memory but one packet. conmon closes the process's stdin when the sending side of a
/// connection is shut down, unless it was told to leave it open; that is why there is one connection for all.
/// </remarks>
sealed class ConsoleHub
{
    /// <summary>The most that conmon takes in one packet (CONN_SOCK_BUF_SIZE); what is longer would be cut.</summary>
    public const int PacketBytes = 32 * 1024;

    // conmon's STDIO_BUF_SIZE and the byte for the stream, with room for later versions.
    const int OutputBytes = 64 * 1024;

    // stdpipe_t in conmon's utils.h.
    const byte StderrPipe = 3;

    readonly Lock gate = new();
    readonly List<ConsoleSession> sessions = [];
    readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    SeqPacketSocket? socket;
    Task? connecting;
    bool isOver;

    /// <summary>Completes when the process's output has been handed to all clients, and their sessions are over.</summary>
    public Task Drained => drained.Task;

    /// <summary>Whether a client waits for the start.</summary>
    public bool HasSessions
    {
        get
        {
            lock (gate)
                return sessions.Count > 0;
        }
    }

    /// <summary>Adds a client. Nothing flows to it or from it before <see cref="Open"/>: output waits for that, and a start sees that it is there.</summary>
    /// <returns>False when the run is over.</returns>
    public bool TryAdd(ConsoleSession session)
    {
        lock (gate)
        {
            if (isOver)
                return false;
            sessions.Add(session);
        }

        return true;
    }

    /// <summary>Says that a client has been answered: from here on it can take output and give input.</summary>
    public void Open(ConsoleSession session)
    {
        bool connected;
        lock (gate)
        {
            session.Open();
            connected = socket is not null;
        }

        if (connected)
            BeginInput(session);
    }

    /// <summary>Connects to conmon, unless that was done; clients' input and output begin to flow.</summary>
    /// <param name="path">The socket.</param>
    /// <exception cref="System.Net.Sockets.SocketException">conmon has ended; the run will be over in a moment.</exception>
    public async Task ConnectAsync(string path)
    {
        Task attempt;
        lock (gate)
        {
            if (isOver)
                return;
            // One connection, whoever asks: the end of a second would end the process's stdin.
            attempt = connecting ??= ConnectOnceAsync(path);
        }

        await attempt;
    }

    /// <summary>The transfer of output; completes with the last byte.</summary>
    public Task Output { get; private set; } = Task.CompletedTask;

    /// <summary>Ends the run for its clients: after what has been read is handed out, their sessions are over.</summary>
    public async Task EndAsync()
    {
        await Output;
        ConsoleSession[] left;
        lock (gate)
        {
            isOver = true;
            left = [.. sessions];
            sessions.Clear();
            socket?.Dispose();
        }

        foreach (ConsoleSession session in left)
            session.End();
        drained.TrySetResult();
    }

    /// <summary>Tells all clients something on stdout that the process did not write.</summary>
    public ValueTask SayAsync(ReadOnlyMemory<byte> text) => HandOutAsync(ContainerStream.Stdout, text);

    /// <summary>Takes a client off.</summary>
    public void Remove(ConsoleSession session)
    {
        lock (gate)
            sessions.Remove(session);
    }

    async Task ConnectOnceAsync(string path)
    {
        SeqPacketSocket connection = await SeqPacketSocket.ConnectAsync(path, CancellationToken.None);
        ConsoleSession[] waiting;
        lock (gate)
        {
            if (isOver)
            {
                connection.Dispose();
                return;
            }

            socket = connection;
            waiting = [.. sessions.Where(static session => session.IsOpen)];
        }

        foreach (ConsoleSession session in waiting)
            BeginInput(session);
        Output = PumpOutputAsync(connection);
    }

    async Task PumpOutputAsync(SeqPacketSocket connection)
    {
        byte[] packet = new byte[OutputBytes];
        try
        {
            int length;
            while ((length = await ReceiveAsync(connection, packet)) > 0)
                await HandOutAsync(packet[0] == StderrPipe ? ContainerStream.Stderr : ContainerStream.Stdout, packet.AsMemory(1, length - 1));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Observed: the run is over, and the connection closed.
        }
    }

    // Where conmon ends with input of ours unread, the kernel says ECONNRESET, once, and before the packets that wait to be
    // read (unix_release_sock and __skb_try_recv_datagram): after it they still come, and then the end.
    static async ValueTask<int> ReceiveAsync(SeqPacketSocket connection, byte[] packet)
    {
        try
        {
            return await connection.ReceiveAsync(packet, CancellationToken.None);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return await connection.ReceiveAsync(packet, CancellationToken.None);
        }
    }

    async ValueTask HandOutAsync(ContainerStream kind, ReadOnlyMemory<byte> data)
    {
        ConsoleSession[] now;
        lock (gate)
            now = [.. sessions];
        foreach (ConsoleSession session in now)
        {
            if (!data.IsEmpty && !await session.TryWriteAsync(kind, data))
                Remove(session);
        }
    }

    void BeginInput(ConsoleSession session)
    {
        if (session.HasInput)
            _ = session.PumpInputAsync((data, token) => socket!.SendAsync(data, token), EndInput);
    }

    void EndInput()
    {
        try
        {
            socket?.ShutdownSend();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Observed: the process has ended, and the connection with it.
        }
    }
}
