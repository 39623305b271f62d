using Strake.Containers;
using Strake.Daemon.DockerApi;

namespace Strake.Daemon.Tests.DockerApi;

public sealed class StreamClientTests
{
    sealed class Recorder(bool isRaw) : StreamClient(isRaw)
    {
        public List<byte[]> Sent { get; } = [];

        public override Stream? Input => null;

        protected override ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Sent.Add(data.ToArray());
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Without_a_terminal_output_comes_in_frames()
    {
        var client = new Recorder(isRaw: false);
        await client.WriteAsync(ContainerStream.Stdout, "hello"u8.ToArray(), TestContext.Current.CancellationToken);
        await client.WriteAsync(ContainerStream.Stderr, new byte[300], TestContext.Current.CancellationToken);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 5, .. "hello"u8], client.Sent[0]);
        Assert.Equal([2, 0, 0, 0, 0, 0, 1, 44], client.Sent[1][..8]);
        Assert.Equal(308, client.Sent[1].Length);
    }

    [Fact]
    public async Task With_a_terminal_output_comes_as_it_is()
    {
        var client = new Recorder(isRaw: true);
        await client.WriteAsync(ContainerStream.Stdout, "hello"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("hello"u8.ToArray(), Assert.Single(client.Sent));
    }
}
