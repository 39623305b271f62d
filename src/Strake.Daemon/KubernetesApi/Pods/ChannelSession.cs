using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json;
using Strake.Containers;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>
/// A client of exec or attach over a WebSocket: each message's first byte says which stream it belongs to, and a status at the end says how it went.
/// </summary>
/// <remarks>
/// The protocols <c>v5.channel.k8s.io</c> and <c>v4.channel.k8s.io</c> (KEP-4006): channels 0 to 2 are the standard streams, 3 is the status, 4 the terminal's size;
/// the fifth version adds 255, by which a client ends a stream of its own. RFC 6455 for what is below.
/// </remarks>
sealed class ChannelSession : IStreamClient, IAsyncDisposable
{
    const byte Status = 3;
    const byte Resize = 4;
    const byte Close = 255;
    const int MaxMessageBytes = 64 * 1024;

    static readonly string[] s_protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    readonly WebSocket socket;
    readonly KubernetesExchange exchange;
    readonly Pipe? input;
    readonly SemaphoreSlim sending = new(1, 1);

    ChannelSession(WebSocket socket, KubernetesExchange exchange, bool hasInput)
    {
        this.socket = socket;
        this.exchange = exchange;
        input = hasInput ? new Pipe() : null;
        Input = input?.Reader.AsStream();
    }

    /// <inheritdoc/>
    public Stream? Input { get; }

    /// <summary>Answers the client's wish for a WebSocket.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="hasInput">Whether the client's input is wanted.</param>
    /// <exception cref="StatusException">BadRequest: it wishes for something else, such as SPDY.</exception>
    public static async Task<ChannelSession> AcceptAsync(KubernetesExchange exchange, bool hasInput)
    {
        if (!StreamUpgrade.IsWebSocket(exchange) || StreamUpgrade.FirstOffered(exchange, "Sec-WebSocket-Protocol", s_protocols) is not { } protocol)
            throw StatusException.BadRequest($"unable to upgrade: a WebSocket of {string.Join(" or ", s_protocols)} is what is served here; kubectl from 1.31 on, or KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true");
        return new ChannelSession(await StreamUpgrade.ToWebSocketAsync(exchange, protocol), exchange, hasInput);
    }

    /// <summary>Serves the client until the work is done, and tells it how that went.</summary>
    /// <param name="work">The work; gives an exit code.</param>
    /// <param name="resize">Told of the terminal's size: height, width.</param>
    public async Task RunAsync(Func<CancellationToken, Task<int>> work, Func<int, int, Task> resize)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        Task reading = ReadAsync(resize, ending);
        ApiStatus? failure = null;
        try
        {
            int code = await work(ending.Token);
            if (code != 0)
            {
                string text = code.ToString(CultureInfo.InvariantCulture);
                failure = new ApiStatus(500, "NonZeroExitCode", $"command terminated with non-zero exit code: command terminated with exit code {text}")
                {
                    Causes = [new StatusCause("ExitCode", text, "")],
                };
            }
        }
        catch (StrakeException e)
        {
            failure = new ApiStatus(500, "InternalError", $"Internal error occurred: error executing command in container: {e.Message}");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException)
        {
            // The client is gone: nobody to tell.
            await EndAsync(ending, reading);
            return;
        }

        await SendAsync(Status, StatusOf(failure), CancellationToken.None);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
        await EndAsync(ending, reading);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => SendAsync((byte)kind, data, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        sending.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task EndAsync(CancellationTokenSource ending, Task reading)
    {
        await ending.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async ValueTask SendAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        byte[] message = ArrayPool<byte>.Shared.Rent(data.Length + 1);
        message[0] = channel;
        data.CopyTo(message.AsMemory(1));
        await sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(message.AsMemory(0, data.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            sending.Release();
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    async Task ReadAsync(Func<int, int, Task> resize, CancellationTokenSource ending)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxMessageBytes);
        try
        {
            byte? channel = null;
            while (true)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), ending.Token);
                if (part.MessageType is WebSocketMessageType.Close) break;
                ReadOnlyMemory<byte> data = buffer.AsMemory(0, part.Count);
                if (channel is null && data.Length > 0) (channel, data) = (data.Span[0], data[1..]);
                if (channel is { } known) await TakeAsync(known, data, resize, ending.Token);
                if (part.EndOfMessage) channel = null;
            }

            // It has gone without waiting for the end.
            await ending.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            if (!ending.IsCancellationRequested) await ending.CancelAsync();
        }
        finally
        {
            if (input is not null) await input.Writer.CompleteAsync();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    async Task TakeAsync(byte channel, ReadOnlyMemory<byte> data, Func<int, int, Task> resize, CancellationToken cancellationToken)
    {
        switch (channel)
        {
            case (byte)ContainerStream.Stdin when input is not null && data.Length > 0:
                await input.Writer.WriteAsync(data, cancellationToken);
                break;
            case Resize when SizeOf(data) is { } size:
                await ResizeAsync(resize, size.Height, size.Width);
                break;
            case Close when data.Span is [(byte)ContainerStream.Stdin] && input is not null:
                await input.Writer.CompleteAsync();
                break;
        }
    }

    // It may come before there is a terminal, or after: the next one comes with the next change.
    static async Task ResizeAsync(Func<int, int, Task> resize, int height, int width)
    {
        try
        {
            await resize(height, width);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            // There is none.
        }
    }

    static (int Height, int Width)? SizeOf(ReadOnlyMemory<byte> data)
    {
        try
        {
            using JsonDocument size = JsonDocument.Parse(data);
            return ((int)(size.RootElement.NumberAt("Height") ?? 0), (int)(size.RootElement.NumberAt("Width") ?? 0));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static byte[] StatusOf(ApiStatus? failure)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ObjectJson.Writing))
        {
            if (failure is null)
            {
                writer.WriteStartObject();
                writer.WriteStartObject("metadata");
                writer.WriteEndObject();
                writer.WriteString("status", "Success");
                writer.WriteEndObject();
            }
            else
            {
                StatusAnswer.Write(writer, failure);
            }
        }

        return buffer.WrittenSpan.ToArray();
    }
}
