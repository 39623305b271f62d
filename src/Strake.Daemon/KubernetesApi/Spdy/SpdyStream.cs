using System.IO.Pipelines;

namespace Strake.Daemon.KubernetesApi;

/// <summary>One of the streams that a client has opened on a connection.</summary>
/// <param name="session">The connection.</param>
/// <param name="id">Its number.</param>
/// <param name="headers">What the client says of it, by names in small letters.</param>
sealed class SpdyStream(SpdySession session, int id, IReadOnlyDictionary<string, string> headers)
{
    const int MostWaitingBytes = 64 * 1024;

    readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: MostWaitingBytes, resumeWriterThreshold: MostWaitingBytes / 2, useSynchronizationContext: false));

    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>What the client says of it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    /// <summary>What the client sends; ends when it has sent all. Who reads no more completes it.</summary>
    public PipeReader Input => received.Reader;

    /// <summary>Where the connection puts what the client sends.</summary>
    internal PipeWriter Received => received.Writer;

    /// <summary>Sends something.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => session.SendDataAsync(Id, data, isLast: false, cancellationToken);

    /// <summary>Says that nothing more will be sent.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => session.SendDataAsync(Id, ReadOnlyMemory<byte>.Empty, isLast: true, cancellationToken);

    /// <summary>Forgets it: what the client sends still is thrown away.</summary>
    public void Close()
    {
        received.Reader.Complete();
        session.Forget(Id);
    }
}
