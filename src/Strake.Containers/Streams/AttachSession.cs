using System.Buffers;
using System.Net.Sockets;
using Strake.Linux;

namespace Strake.Containers.Streams;

/// <summary>
/// Couples a client with conmon's attach socket: what the process writes goes to the client, what the client sends goes
/// to the process.
/// </summary>
/// <remarks>
/// conmon's protocol (conmon <c>conn_sock.c</c>): messages to us begin with a byte that tells the stream, 2 for stdout and
/// 3 for stderr, and hold at most 32 KiB; messages to it are what the process reads. When we say that no more will come,
/// it closes the process's stdin, unless it was told to leave it open. It closes the socket once the process has ended
/// and everything was sent.
/// </remarks>
sealed class AttachSession
{
    const byte StdoutMark = 2;
    const byte StderrMark = 3;
    const int MessageBytes = 32 * 1024;

    readonly SeqPacketSocket conmon;
    readonly AttachOptions options;
    readonly IStreamClient client;
    readonly DetachKeys? detachKeys;

    /// <summary>Prepares a session; nothing flows yet.</summary>
    /// <param name="conmon">Connected to conmon's attach socket; stays the caller's.</param>
    /// <param name="options">What the client wants.</param>
    /// <param name="hasTerminal">Whether the process has a terminal: then detach keys are looked for.</param>
    /// <param name="client">The client.</param>
    /// <exception cref="StrakeException">Invalid: the detach keys.</exception>
    public AttachSession(SeqPacketSocket conmon, AttachOptions options, bool hasTerminal, IStreamClient client)
    {
        this.conmon = conmon;
        this.options = options;
        this.client = client;
        detachKeys = hasTerminal ? DetachKeys.Parse(options.DetachKeys) : null;
    }

    /// <summary>Runs until the process's output is over, the client has detached, or it is gone.</summary>
    /// <param name="cancellationToken">Ends the session; the process goes on.</param>
    /// <returns>Why it ended.</returns>
    public async Task<SessionEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<SessionEnd> output = SendOutputAsync(session.Token);
        Task<SessionEnd> input = options.Stdin && client.Input is { } source
            ? SendInputAsync(source, session.Token)
            : Task.FromResult(SessionEnd.InputOver);

        // Input that is over ends nothing: output goes on. Detaching ends all.
        Task<SessionEnd> first = await Task.WhenAny(output, input);
        if (first == input && await input is SessionEnd.InputOver)
            return await output;
        await session.CancelAsync();
        return await first;
    }

    async Task<SessionEnd> SendOutputAsync(CancellationToken cancellationToken)
    {
        byte[] message = ArrayPool<byte>.Shared.Rent(MessageBytes + 1);
        try
        {
            while (true)
            {
                int length = await conmon.ReceiveAsync(message, cancellationToken);
                if (length == 0)
                    return SessionEnd.OutputOver;
                bool errors = message[0] == StderrMark;
                bool wanted = errors ? options.Stderr : options.Stdout && message[0] == StdoutMark;
                if (wanted && length > 1)
                    await client.WriteAsync(errors ? ContainerStream.Stderr : ContainerStream.Stdout, message.AsMemory(1, length - 1), cancellationToken);
            }
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset)
        {
            // conmon was killed: whatever it still had is lost with it.
            return SessionEnd.OutputOver;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return SessionEnd.ClientGone;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    async Task<SessionEnd> SendInputAsync(Stream source, CancellationToken cancellationToken)
    {
        byte[] typed = ArrayPool<byte>.Shared.Rent(MessageBytes);
        byte[] passed = ArrayPool<byte>.Shared.Rent(MessageBytes + (detachKeys?.Held ?? 0));
        try
        {
            while (true)
            {
                int length = await source.ReadAsync(typed.AsMemory(0, MessageBytes - (detachKeys?.Held ?? 0)), cancellationToken);
                if (length == 0)
                {
                    conmon.ShutdownSend();
                    return SessionEnd.InputOver;
                }

                ReadOnlyMemory<byte> message = typed.AsMemory(0, length);
                bool detached = false;
                if (detachKeys is not null)
                {
                    detached = detachKeys.Scan(message.Span, passed, out int written);
                    message = passed.AsMemory(0, written);
                }

                if (message.Length > 0)
                    await conmon.SendAsync(message, cancellationToken);
                if (detached)
                    return SessionEnd.Detached;
            }
        }
        catch (Exception over) when (over is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The process no longer reads, or the client no longer sends: its output may still be on its way.
            return SessionEnd.InputOver;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(typed);
            ArrayPool<byte>.Shared.Return(passed);
        }
    }
}
