using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Strake.Containers.Streams;

namespace Strake.Containers.Tests.Streams;

public sealed class ConsoleHubTests : IDisposable
{
    static readonly ConsoleSessionOptions s_all = new(Stdin: true, Stdout: true, Stderr: true, EndsStdin: false, DetachKeys: null);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly string path = Path.Combine(Path.GetTempPath(), $"strake-test-{Guid.NewGuid():N}"[..24]);
    readonly Socket conmon = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    readonly ConsoleHub hub = new();

    public ConsoleHubTests()
    {
        conmon.Bind(new UnixDomainSocketEndPoint(path));
        conmon.Listen();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        conmon.Dispose();
        File.Delete(path);
    }

    [Fact]
    public async Task Input_of_a_client_that_is_answered_after_the_connection_stands_is_passed_on()
    {
        await hub.ConnectAsync(path);
        using Socket side = await conmon.AcceptAsync(Cancel);
        var typed = new Pipe();
        var client = new LateClient();
        using var session = new ConsoleSession(client, s_all, Cancel);
        Assert.True(hub.TryAdd(session));
        client.Input = typed.Reader.AsStream();
        hub.Open(session);
        await typed.Writer.WriteAsync("word"u8.ToArray(), Cancel);

        byte[] packet = new byte[64];
        int length = await side.ReceiveAsync(packet, Cancel).AsTask().WaitAsync(s_patience, Cancel);
        Assert.Equal("word", Encoding.UTF8.GetString(packet, 0, length));
        session.End();
    }

    [Fact]
    public async Task Output_before_the_answer_waits_for_it()
    {
        await hub.ConnectAsync(path);
        using Socket side = await conmon.AcceptAsync(Cancel);
        var first = new RecordingClient { Until = static text => text.EndsWith("one", StringComparison.Ordinal) };
        using var witness = new ConsoleSession(first, s_all with { Stdin = false }, Cancel);
        hub.TryAdd(witness);
        hub.Open(witness);
        var late = new RecordingClient { Until = static text => text.EndsWith("two", StringComparison.Ordinal) };
        using var session = new ConsoleSession(late, s_all with { Stdin = false }, Cancel);
        hub.TryAdd(session);
        await side.SendAsync("\u0002one"u8.ToArray(), Cancel);
        await first.Reached.Task.WaitAsync(s_patience, Cancel);
        hub.Open(session);
        await side.SendAsync("\u0002two"u8.ToArray(), Cancel);
        await late.Reached.Task.WaitAsync(s_patience, Cancel);
        Assert.Equal("onetwo", late.Text);
        Assert.False(session.Over.IsCompleted);
    }

    [Fact]
    public async Task Output_that_waits_when_the_other_side_ends_with_input_unread_is_not_lost()
    {
        var client = new RecordingClient();
        using var session = new ConsoleSession(client, s_all with { Stdin = false }, Cancel);
        hub.TryAdd(session);
        hub.Open(session);
        using var gate = new BlockingClient();
        using var slow = new ConsoleSession(gate, s_all with { Stdin = false }, Cancel);
        hub.TryAdd(slow);
        hub.Open(slow);
        var typed = new Pipe();
        using var typist = new ConsoleSession(new RecordingClient(typed.Reader.AsStream()), s_all, Cancel);
        hub.TryAdd(typist);
        hub.Open(typist);
        await hub.ConnectAsync(path);
        Socket side = await conmon.AcceptAsync(Cancel);
        await side.SendAsync("\u0002one "u8.ToArray(), Cancel);
        await gate.Entered.Task.WaitAsync(s_patience, Cancel);
        await typed.Writer.WriteAsync("unread"u8.ToArray(), Cancel);
        Assert.True(side.Poll(s_patience, SelectMode.SelectRead));
        await side.SendAsync("\u0002two "u8.ToArray(), Cancel);
        await side.SendAsync("\u0002three"u8.ToArray(), Cancel);
        side.Dispose();
        gate.Release();

        await hub.EndAsync().WaitAsync(s_patience, Cancel);
        Assert.Equal("one two three", client.Text);
    }

    /// <summary>A client that has no connection before it is answered.</summary>
    sealed class LateClient : IStreamClient
    {
        public Stream? Input { get; set; }

        public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    /// <summary>A client that takes nothing until it is told to.</summary>
    sealed class BlockingClient : IStreamClient, IDisposable
    {
        readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Stream? Input => null;

        public void Release() => released.TrySetResult();

        public void Dispose() => Release();

        public async ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await released.Task;
        }
    }
}
