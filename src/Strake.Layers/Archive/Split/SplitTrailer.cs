using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Strake.Images;

namespace Strake.Layers.Archive.Split;

/// <summary>The end of a split record.</summary>
/// <param name="BodyLength">Length of the compressed operations.</param>
/// <param name="TarLength">Length of the tar.</param>
/// <param name="References">How many stretches of files it refers to.</param>
/// <param name="Displaced">How many of those have their bytes in the record.</param>
/// <param name="DiffId">The tar's digest.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct SplitTrailer(long BodyLength, long TarLength, long References, long Displaced, DiffId DiffId)
{
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, BodyLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], TarLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], References);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Displaced);
        Convert.FromHexString(DiffId.Digest.Hex).CopyTo(target[32..]);
    }

    public static SplitTrailer Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
        new DiffId(Digest.FromHash(source.Slice(32, 32))));

    /// <summary>Reads the trailer of a whole record, after a look at its header.</summary>
    /// <exception cref="StrakeException">DataLoss: it is no record, or not a whole one.</exception>
    public static async Task<SplitTrailer> OfAsync(Stream record, CancellationToken cancellationToken)
    {
        var bytes = new byte[SplitFormat.TrailerSize];
        if (record.Length < SplitFormat.HeaderSize + SplitFormat.TrailerSize) throw Damaged("it is cut short");
        record.Position = 0;
        await record.ReadExactlyAsync(bytes.AsMemory(0, SplitFormat.HeaderSize), cancellationToken);
        if (!bytes.AsSpan(0, SplitFormat.HeaderSize).SequenceEqual(SplitFormat.Header)) throw Damaged("it is none, or of another version");
        record.Position = record.Length - SplitFormat.TrailerSize;
        await record.ReadExactlyAsync(bytes, cancellationToken);
        var trailer = Read(bytes);
        return trailer.BodyLength == record.Length - SplitFormat.HeaderSize - SplitFormat.TrailerSize ? trailer : throw Damaged("it is cut short");
    }

    public static StrakeException Damaged(string reason, Exception? inner = null) => StrakeException.DataLoss($"the layer's split record cannot be read: {reason}", inner);
}
