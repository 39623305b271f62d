using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Registry;

/// <summary>A line to a registry that counts what comes from it, and that a test can cut and hold.</summary>
public sealed class Line : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly int _target;
    readonly Task _accepting;
    TaskCompletionSource _held = NewSignal();
    TaskCompletionSource _released = NewSignal();
    long _served;
    long _holdAt = long.MaxValue;
    long _waiting;

    /// <summary>Opens a line.</summary>
    /// <param name="target">The registry's port.</param>
    public Line(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Its end's name in references.</summary>
    public string Host => "localhost:" + ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Bytes that have come from the registry, headers included.</summary>
    public long ServedBytes => Interlocked.Read(ref _served);

    /// <summary>For each connection: after how many bytes it is cut; null: never.</summary>
    public Func<long?> Cut { get; set; } = () => null;

    /// <summary>Lets this many bytes come, and then no more until <see cref="Release"/>.</summary>
    /// <returns>Ends when the line holds.</returns>
    public Task HoldAfter(long bytes)
    {
        (_held, _released) = (NewSignal(), NewSignal());
        Interlocked.Exchange(ref _holdAt, ServedBytes + bytes);
        return _held.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    /// <summary>Waits until who waited for bytes has given up: what came later would be lost, and count.</summary>
    public Task GivenUpAsync() => Until.TrueAsync(() => Interlocked.Read(ref _waiting) == 0, "nobody waits for bytes any more");

    /// <summary>Lets bytes come again.</summary>
    public void Release()
    {
        Interlocked.Exchange(ref _holdAt, long.MaxValue);
        _released.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Release();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var registry = new TcpClient();
        using (client)
        {
            try
            {
                await registry.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                var asking = client.GetStream().CopyToAsync(registry.GetStream(), _stop.Token);
                await AnswerAsync(registry.GetStream(), client.GetStream(), asking);
                // Cut or ended: what was sent still arrives, for else it would not be the line's to say what had to come again.
                client.Client.Shutdown(SocketShutdown.Both);
                registry.Client.Close(0);
                await asking;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One of the two has gone.
            }
        }
    }

    async Task AnswerAsync(NetworkStream registry, NetworkStream client, Task asking)
    {
        var buffer = new byte[16 << 10];
        long? left = null;
        while (left is null or > 0 && await registry.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            // At any read: a connection may have been opened before the test began to cut.
            left ??= Cut();
            if (left is { } most)
            {
                read = (int)Math.Min(read, most);
                left -= read;
            }

            if (ServedBytes >= Interlocked.Read(ref _holdAt))
            {
                _held.TrySetResult();
                Interlocked.Increment(ref _waiting);
                await Task.WhenAny(_released.Task, asking).WaitAsync(_stop.Token);
                Interlocked.Decrement(ref _waiting);
                if (asking.IsCompleted) return;
            }

            Interlocked.Add(ref _served, read);
            await client.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
