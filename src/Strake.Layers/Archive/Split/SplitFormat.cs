namespace Strake.Layers.Archive.Split;

/// <summary>How a split record is laid out.</summary>
/// <remarks><code>
/// record := magic "STRKSPLT" (8) | version 1 (1) | zero (7) | body | trailer
/// body   := operations, compressed by zstd or gzip (told apart by their magic)
/// operation :=
///   01 structure  length, bytes                        headers, padding, contents that no file holds: as they stand in the tar
///   02 file       length, path, offset, length, crc    the next bytes of the tar are that stretch of that file; CRC-32C of them (4)
///   03 displaced  reference, length, bytes             the file of the reference-th 02 (from 0) was replaced later in the tar: its bytes
/// trailer := length of body (8) | length of tar (8) | number of 02 (8) | number of 03 (8) | DiffID (32)
/// </code>
/// Numbers in operations are LEB128, those of fixed length little-endian. A 03 stands after the 02 that it is for, at any distance: a
/// reader that finds the trailer's count of them not zero collects them in a pass of its own.
/// <para>
/// CRC-32C, because it costs next to nothing (one instruction for eight bytes) and only has to name the file that was changed; that the
/// tar is the right one, the DiffID proves.
/// </para>
/// </remarks>
static class SplitFormat
{
    public const int HeaderSize = 16;
    public const int TrailerSize = 64;
    public const byte Structure = 1;
    public const byte File = 2;
    public const byte Displaced = 3;

    public static ReadOnlySpan<byte> Header => "STRKSPLT\u0001\0\0\0\0\0\0\0"u8;
}
