namespace Strake.Containers;

/// <summary>
/// The far end of an attach, exec or log session: a client's connection behind its protocol's framing.
/// </summary>
/// <remarks>
/// Laws: <see cref="WriteAsync"/> is called by one caller at a time; a slow client holds its task back, and with it the
/// session, which is the whole of the flow control. It throws (IOException, OperationCanceledException) when the client
/// is gone, and the session ends. <see cref="Input"/> is read by one reader; its end (0 bytes) says that the client has
/// shut down its sending side, and output goes on.
/// </remarks>
public interface IStreamClient
{
    /// <summary>What the client sends; null when it sends nothing.</summary>
    Stream? Input { get; }

    /// <summary>Sends output to the client.</summary>
    /// <param name="kind">Where it comes from.</param>
    /// <param name="data">Bytes, at least one; valid until the task completes.</param>
    /// <param name="cancellationToken">Cancelled when the session is given up.</param>
    ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
