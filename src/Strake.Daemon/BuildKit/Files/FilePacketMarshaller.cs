using System.Buffers;
using Strake.Containers.Files;
using Strake.Grpc;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Packets of the transfer of files. Read by hand: names are bytes, and a context has ten thousands of them.</summary>
/// <remarks>
/// fsutil <c>types/wire.proto</c> and <c>types/stat.proto</c>. One for each call: the bytes of a packet that was read lie in a buffer that the
/// next one takes over.
/// <code>
/// packet   1 type   2 stat   3 id   4 data
/// stat     1 path   2 mode (Go)   3 uid   4 gid   5 size   6 mtime (ns)   7 linkname   8 devmajor   9 devminor   10 xattrs: 1 name, 2 value
/// </code>
/// Owners are neither read nor written: who the client's files belong to means nothing here, and the other way round.
/// </remarks>
sealed class FilePacketMarshaller : IGrpcMarshaller<FilePacket>
{
    const long NanosecondsPerSecond = 1_000_000_000;

    byte[] buffer = [];

    /// <inheritdoc/>
    public int Measure(FilePacket message) =>
        WireWriter.Measure(1, (ulong)message.Kind)
        + (message.Entry is { } entry ? WireWriter.MeasureMessage(2, Measure(entry)) : 0)
        + WireWriter.Measure(3, message.Id)
        + WireWriter.Measure(4, message.Data.Span);

    /// <inheritdoc/>
    public void Write(FilePacket message, IBufferWriter<byte> target)
    {
        WireWriter.Write(target, 1, (ulong)message.Kind);
        if (message.Entry is { } entry)
        {
            WireWriter.WriteHead(target, 2, Measure(entry));
            Write(entry, target);
        }

        WireWriter.Write(target, 3, message.Id);
        WireWriter.Write(target, 4, message.Data.Span);
    }

    /// <inheritdoc/>
    public FilePacket Read(in ReadOnlySequence<byte> source)
    {
        if (source.IsSingleSegment) return Read(source.FirstSpan);
        byte[] whole = ArrayPool<byte>.Shared.Rent((int)source.Length);
        try
        {
            source.CopyTo(whole);
            return Read(whole.AsSpan(0, (int)source.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    FilePacket Read(ReadOnlySpan<byte> packet)
    {
        var kind = FilePacketKind.Entry;
        FileEntry? entry = null;
        uint id = 0;
        int length = 0;
        var reader = new WireReader(packet);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    kind = (FilePacketKind)reader.Number;
                    break;
                case 2:
                    entry = ReadEntry(reader.Value);
                    break;
                case 3:
                    id = (uint)reader.Number;
                    break;
                case 4:
                    length = Keep(reader.Value);
                    break;
            }
        }

        return new FilePacket(kind) { Entry = entry, Id = id, Data = buffer.AsMemory(0, length) };
    }

    int Keep(ReadOnlySpan<byte> data)
    {
        if (buffer.Length < data.Length) buffer = GC.AllocateUninitializedArray<byte>(data.Length);
        data.CopyTo(buffer);
        return data.Length;
    }

    static FileEntry ReadEntry(ReadOnlySpan<byte> stat)
    {
        byte[] path = [], target = [];
        uint mode = 0, major = 0, minor = 0;
        long size = 0, modified = 0;
        List<KeyValuePair<byte[], byte[]>>? attributes = null;
        var reader = new WireReader(stat);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    path = reader.Value.ToArray();
                    break;
                case 2:
                    mode = (uint)reader.Number;
                    break;
                case 5:
                    size = (long)reader.Number;
                    break;
                case 6:
                    modified = (long)reader.Number;
                    break;
                case 7:
                    target = reader.Value.ToArray();
                    break;
                case 8:
                    major = (uint)reader.Number;
                    break;
                case 9:
                    minor = (uint)reader.Number;
                    break;
                case 10:
                    (attributes ??= []).Add(ReadAttribute(reader.Value));
                    break;
            }
        }

        return new FileEntry
        {
            Path = path,
            Kind = GoFileMode.KindOf(mode),
            Mode = GoFileMode.ModeOf(mode),
            SizeBytes = size,
            ModifyTime = TimeOf(modified),
            Target = target,
            Device = new DeviceNumber(major, minor),
            Attributes = attributes ?? (IReadOnlyList<KeyValuePair<byte[], byte[]>>)[],
        };
    }

    static KeyValuePair<byte[], byte[]> ReadAttribute(ReadOnlySpan<byte> pair)
    {
        byte[] name = [], value = [];
        var reader = new WireReader(pair);
        while (reader.Read())
        {
            if (reader.Field == 1) name = reader.Value.ToArray();
            else if (reader.Field == 2) value = reader.Value.ToArray();
        }

        return new(name, value);
    }

    static int Measure(FileEntry entry)
    {
        int length = WireWriter.Measure(1, entry.Path)
            + WireWriter.Measure(2, GoFileMode.Of(entry.Kind, entry.Mode))
            + WireWriter.Measure(5, (ulong)entry.SizeBytes)
            + WireWriter.Measure(6, (ulong)Nanoseconds(entry.ModifyTime))
            + WireWriter.Measure(7, entry.Target)
            + WireWriter.Measure(8, entry.Device.Major)
            + WireWriter.Measure(9, entry.Device.Minor);
        foreach (KeyValuePair<byte[], byte[]> attribute in entry.Attributes) length += WireWriter.MeasureMessage(10, Measure(attribute));
        return length;
    }

    static void Write(FileEntry entry, IBufferWriter<byte> target)
    {
        WireWriter.Write(target, 1, entry.Path);
        WireWriter.Write(target, 2, GoFileMode.Of(entry.Kind, entry.Mode));
        WireWriter.Write(target, 5, (ulong)entry.SizeBytes);
        WireWriter.Write(target, 6, (ulong)Nanoseconds(entry.ModifyTime));
        WireWriter.Write(target, 7, entry.Target);
        WireWriter.Write(target, 8, entry.Device.Major);
        WireWriter.Write(target, 9, entry.Device.Minor);
        foreach (KeyValuePair<byte[], byte[]> attribute in entry.Attributes)
        {
            WireWriter.WriteHead(target, 10, Measure(attribute));
            WireWriter.Write(target, 1, attribute.Key);
            WireWriter.Write(target, 2, attribute.Value);
        }
    }

    static int Measure(KeyValuePair<byte[], byte[]> attribute) => WireWriter.Measure(1, attribute.Key) + WireWriter.Measure(2, attribute.Value);

    // Counted forward from the second before, also before 1970.
    static UnixTime TimeOf(long nanoseconds)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        return rest < 0 ? new UnixTime(seconds - 1, rest + NanosecondsPerSecond) : new UnixTime(seconds, rest);
    }

    static long Nanoseconds(UnixTime time) => (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
}
