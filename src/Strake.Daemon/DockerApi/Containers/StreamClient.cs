using System.Buffers;
using System.Buffers.Binary;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// A client of attach, exec or logs, behind Docker's framing: raw bytes for a terminal, else frames of a header of eight bytes (stream,
/// three zeros, length in big endian) and a payload.
/// </summary>
/// <param name="isRaw">Whether the stream is a terminal's.</param>
/// <remarks>moby <c>pkg/stdcopy</c>; Engine API, "Attach to a container", "Stream format".</remarks>
abstract class StreamClient(bool isRaw) : IStreamClient
{
    const int HeaderBytes = 8;

    /// <summary>The content type that says how the stream is framed.</summary>
    /// <param name="exchange">The request; clients before 1.42 knew one name only.</param>
    /// <param name="isRaw">Whether the stream is a terminal's.</param>
    public static string ContentType(Exchange exchange, bool isRaw) =>
        isRaw || exchange.Version < s_named ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";

    static readonly ApiVersion s_named = new(1, 42);

    /// <inheritdoc/>
    public abstract Stream? Input { get; }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (isRaw)
        {
            await SendAsync(data, cancellationToken);
            return;
        }

        // Header and payload in one send: half the system calls, and no reader sees a header alone.
        byte[] frame = ArrayPool<byte>.Shared.Rent(HeaderBytes + data.Length);
        try
        {
            BinaryPrimitives.WriteUInt64BigEndian(frame, ((ulong)kind << 56) | (uint)data.Length);
            data.CopyTo(frame.AsMemory(HeaderBytes));
            await SendAsync(frame.AsMemory(0, HeaderBytes + data.Length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
