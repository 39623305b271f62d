using System.Net.Sockets;

namespace Strake.Containers.Streams;

/// <summary>One client on a console.</summary>
sealed class ConsoleSession : IDisposable
{
    readonly IStreamClient client;
    readonly ConsoleSessionOptions options;
    readonly CancellationTokenSource stop;
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A session that has not begun.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">What it wants.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    public ConsoleSession(IStreamClient client, ConsoleSessionOptions options, CancellationToken cancellationToken)
    {
        this.client = client;
        this.options = options;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.Token.UnsafeRegister(static state => ((ConsoleSession)state!).TellEnd(), this);
    }

    /// <summary>Completes when the session is over, for whatever reason.</summary>
    public Task Over => over.Task;

    /// <summary>Whether the client has been answered, and streams can flow.</summary>
    public bool IsOpen => opened.Task.IsCompleted;

    /// <summary>Says that the client has been answered; the hub's to say.</summary>
    public void Open() => opened.TrySetResult();

    /// <summary>Whether it gives input; known once it is open.</summary>
    public bool HasInput => options.Stdin && client.Input is not null;

    /// <summary>Hands output to the client. What comes while it is being answered waits for that: it may have started the process already.</summary>
    /// <returns>False when the client is gone.</returns>
    public async ValueTask<bool> TryWriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data)
    {
        bool wanted = kind == ContainerStream.Stderr ? options.Stderr : options.Stdout;
        await opened.Task;
        if (over.Task.IsCompleted)
            return false;
        if (!wanted)
            return true;
        try
        {
            await client.WriteAsync(kind, data, stop.Token);
            return true;
        }
        catch (Exception e) when (IsGone(e))
        {
            End();
            return false;
        }
    }

    /// <summary>Passes the client's input on until it ends.</summary>
    /// <param name="send">Takes the input.</param>
    /// <param name="end">Called when the client has shut down its side and that is to end the process's stdin.</param>
    public async Task PumpInputAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> send, Action end)
    {
        // What detach keys hold back may come out together with what follows, and has to fit one packet.
        byte[] typed = new byte[ConsoleHub.PacketBytes - (options.DetachKeys?.Held ?? 0)];
        byte[] passed = new byte[ConsoleHub.PacketBytes];
        try
        {
            int length;
            while ((length = await client.Input!.ReadAsync(typed, stop.Token)) > 0)
            {
                if (options.DetachKeys is not { } keys)
                {
                    await send(typed.AsMemory(0, length), stop.Token);
                    continue;
                }

                bool detach = keys.Scan(typed.AsSpan(0, length), passed, out int written);
                if (written > 0)
                    await send(passed.AsMemory(0, written), stop.Token);
                if (detach)
                {
                    WasDetached = true;
                    End();
                    return;
                }
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            // The client went without a word, or the process's end of the pipe is closed: the same as the end of input.
        }

        if (options.EndsStdin)
            end();
        else
            End();
    }

    /// <summary>Whether the client has pressed the keys that end the session.</summary>
    public bool WasDetached { get; private set; }

    /// <summary>Ends the session; may be repeated.</summary>
    public void End()
    {
        TellEnd();
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Observed: the client's side has ended first, and is done with the session.
        }
    }

    /// <summary>Lets go of what it holds, once it is over.</summary>
    public void Dispose() => stop.Dispose();

    void TellEnd()
    {
        over.TrySetResult();
        opened.TrySetResult();
    }

    static bool IsGone(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
