using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Reads conmon's sync pipe: lines of JSON, <c>{"data": 4711}</c> or <c>{"data": -1, "message": "…"}</c>
/// (<c>--api-version 1</c>). The runtime's words are cut by conmon to 8 KiB.
/// </summary>
sealed class SyncPipe : IDisposable
{
    const int MaxLineBytes = 64 * 1024;

    readonly SafeFileHandle pipe;
    readonly byte[] buffer = new byte[MaxLineBytes];
    int filled;

    /// <summary>Takes over the pipe's end.</summary>
    public SyncPipe(SafeFileHandle pipe)
    {
        this.pipe = pipe;
        Syscall.SetNonBlocking(pipe);
    }

    /// <summary>Waits for the next message.</summary>
    /// <returns>The message; null when conmon has closed the pipe.</returns>
    /// <exception cref="InvalidDataException">It is not in the format.</exception>
    public async Task<SyncMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = buffer.AsSpan(0, filled).IndexOf((byte)'\n');
            if (end >= 0)
                return Take(end);
            if (filled == buffer.Length)
                throw new InvalidDataException($"conmon: a sync message of more than {MaxLineBytes} bytes");

            int length = Syscall.TryRead(pipe, buffer.AsSpan(filled));
            if (length == 0)
                return null;
            if (length > 0)
                filled += length;
            else
                await Readiness.WaitAsync(pipe, PollEvents.Readable, cancellationToken);
        }
    }

    /// <summary>Closes the pipe.</summary>
    public void Dispose() => pipe.Dispose();

    SyncMessage Take(int end)
    {
        // What the runtime quotes may be any bytes: decoded with replacement before it is read as JSON.
        string line = Encoding.UTF8.GetString(buffer, 0, end);
        buffer.AsSpan((end + 1)..filled).CopyTo(buffer);
        filled -= end + 1;
        return Parse(line);
    }

    internal static SyncMessage Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return new SyncMessage(
                root.GetProperty("data").GetInt32(),
                root.TryGetProperty("message", out JsonElement message) ? message.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"conmon: not a sync message: {line}", e);
        }
    }
}
