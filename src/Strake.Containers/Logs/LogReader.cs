using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Strake.Containers.Logs;

/// <summary>Goes through a log from a position on and sends what is wanted of it. Memory does not depend on the log.</summary>
sealed class LogReader(SafeFileHandle log, LogOptions options, Predicate<ContainerStream> wanted, IStreamClient client)
{
    const int BlockSize = 64 * 1024;

    // conmon's records are at most its read buffer of 8 KiB; whatever else stands in the file is not sent at any length.
    const int MaxRecordBytes = 1024 * 1024;

    readonly ArrayBufferWriter<byte> output = new(BlockSize);
    byte[] pending = new byte[BlockSize];
    int pendingLength;
    bool outLineOpen;
    bool errLineOpen;

    /// <summary>Where the next record is read.</summary>
    public long Position { get; set; }

    /// <summary>Sends all whole records that are in the file.</summary>
    /// <returns>False when nothing that follows can be wanted.</returns>
    public async ValueTask<bool> DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            MakeRoom();
            int read = await RandomAccess.ReadAsync(log, pending.AsMemory(pendingLength), Position, cancellationToken);
            if (read == 0)
                return true;
            Position += read;
            pendingLength += read;
            if (!await SendRecordsAsync(cancellationToken))
                return false;
        }
    }

    void MakeRoom()
    {
        if (pendingLength < pending.Length)
            return;
        if (pendingLength >= MaxRecordBytes)
            pendingLength = 0;
        else
            Array.Resize(ref pending, pending.Length * 2);
    }

    async ValueTask<bool> SendRecordsAsync(CancellationToken cancellationToken)
    {
        int start = 0;
        while (pending.AsSpan(start, pendingLength - start).IndexOf((byte)'\n') is >= 0 and var length)
        {
            int at = start;
            start += length + 1;
            output.ResetWrittenCount();
            if (!TryRender(pending.AsSpan(at, length), out ContainerStream stream))
                return false;
            if (output.WrittenCount > 0)
                await client.WriteAsync(stream, output.WrittenMemory, cancellationToken);
        }

        pending.AsSpan(start, pendingLength - start).CopyTo(pending);
        pendingLength -= start;
        return true;
    }

    // Renders what is to be sent of a record, if anything; false when it is younger than what is wanted.
    bool TryRender(ReadOnlySpan<byte> line, out ContainerStream stream)
    {
        stream = ContainerStream.Stdout;
        if (!LogRecord.TryParse(line, out LogRecord record))
            return true;
        stream = record.Stream;
        bool dated = options.Since is not null || options.Until is not null;
        DateTimeOffset time = dated ? record.Timestamp : default;
        if (dated && time > options.Until)
            return false;
        if (!wanted(stream) || (dated && time < options.Since))
            return true;

        ref bool lineOpen = ref stream is ContainerStream.Stderr ? ref errLineOpen : ref outLineOpen;
        if (options.Timestamps && !lineOpen)
        {
            WriteTime(record.Time);
            output.Write(" "u8);
        }

        output.Write(record.Text);
        if (record.EndsLine)
            output.Write("\n"u8);
        lineOpen = !record.EndsLine;
        return true;
    }

    // Docker shows UTC with a Z, conmon writes the host's offset.
    void WriteTime(ReadOnlySpan<byte> time)
    {
        int offset = time.IndexOf("+00:00"u8);
        output.Write(offset < 0 ? time : time[..offset]);
        if (offset >= 0)
            output.Write("Z"u8);
    }
}
