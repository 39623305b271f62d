using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>
/// linux/dm-ioctl.h; used by <see cref="DeviceMapper"/> alone. Each request is a header of 312 bytes and, behind it, what the command takes or gives.
/// </remarks>
public static partial class Syscall
{
    const int DeviceMapperHeader = 312;
    const int DeviceMapperName = 48;
    const int DeviceMapperUuid = 176;

    // Far more than a target of ours says of itself.
    const int DeviceMapperRoom = 16 * 1024;

    /// <summary>One request to the kernel's device-mapper.</summary>
    /// <param name="control">The open control device.</param>
    /// <param name="command">Its number and, for messages, its name.</param>
    /// <param name="request">About which device, and what.</param>
    /// <returns>What the kernel answers.</returns>
    internal static DeviceMapperAnswer DeviceMapperRequest(SafeFileHandle control, DeviceMapperCommand command, in DeviceMapperRequestData request)
    {
        var buffer = new byte[DeviceMapperRoom];
        var span = buffer.AsSpan();
        // struct dm_ioctl: version[3], data_size, data_start, target_count, open_count, flags, event_nr, padding, dev, name[128], uuid[129].
        BinaryPrimitives.WriteUInt32LittleEndian(span, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], DeviceMapperRoom);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], DeviceMapperHeader);
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], request.Targets);
        BinaryPrimitives.WriteUInt32LittleEndian(span[28..], request.Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(span[32..], request.Event);
        WriteText(span[DeviceMapperName..DeviceMapperUuid], request.Name);
        WriteText(span.Slice(DeviceMapperUuid, 129), request.Uuid);
        request.Payload.CopyTo(span[DeviceMapperHeader..]);

        var number = 0xC138FD00u | (byte)command; // _IOWR(0xfd, command, struct dm_ioctl)
        if (ioctl(control, number, span) < 0)
        {
            var errno = LastError;
            throw new LinuxException(errno, $"ioctl {command}", request.Name);
        }

        var data = (int)BinaryPrimitives.ReadUInt32LittleEndian(span[16..]);
        return new DeviceMapperAnswer(
            BinaryPrimitives.ReadUInt32LittleEndian(span[28..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[24..]),
            DeviceNumber.FromDev(BinaryPrimitives.ReadUInt64LittleEndian(span[40..])),
            buffer.AsMemory(data));
    }

    static void WriteText(Span<byte> field, string text)
    {
        if (Encoding.ASCII.GetByteCount(text) >= field.Length) throw new ArgumentException($"\"{text}\" is longer than {field.Length - 1} bytes.", nameof(text));
        Encoding.ASCII.GetBytes(text, field);
    }

    /// <summary>The commands; their names are the kernel's.</summary>
    internal enum DeviceMapperCommand : byte
    {
        DM_DEV_CREATE = 3,
        DM_DEV_REMOVE = 4,
        DM_DEV_SUSPEND = 6,
        DM_DEV_STATUS = 7,
        DM_TABLE_LOAD = 9,
        DM_TABLE_STATUS = 12,
        DM_TARGET_MSG = 14,
    }

    internal readonly ref struct DeviceMapperRequestData
    {
        public required string Name { get; init; }

        public string Uuid { get; init; }

        public uint Flags { get; init; }

        public uint Event { get; init; }

        public uint Targets { get; init; }

        public ReadOnlySpan<byte> Payload { get; init; }
    }

    internal sealed record DeviceMapperAnswer(uint Flags, int OpenCount, DeviceNumber Device, ReadOnlyMemory<byte> Payload);
}
