namespace Strake.Images.Tar;

/// <summary>What an entry of a tar is. Each value is the typeflag of the header (<c>pax(1)</c>, "ustar Interchange Format").</summary>
public enum TarEntryType : byte
{
    /// <summary>A file with content; also what the formats call contiguous (7), sparse (S) and old regular (NUL).</summary>
    Regular = (byte)'0',

    /// <summary>One more name of a file that came before; <see cref="TarEntry.LinkName"/> is that file's name in the archive.</summary>
    HardLink = (byte)'1',

    /// <summary>A symbolic link; <see cref="TarEntry.LinkName"/> is its text.</summary>
    SymbolicLink = (byte)'2',

    /// <summary>A character device.</summary>
    CharacterDevice = (byte)'3',

    /// <summary>A block device.</summary>
    BlockDevice = (byte)'4',

    /// <summary>A directory; its name mostly ends in a slash.</summary>
    Directory = (byte)'5',

    /// <summary>A named pipe.</summary>
    Fifo = (byte)'6',

    /// <summary>Something that only some programs know (a volume label, a dump directory); <see cref="TarEntry.TypeFlag"/> says what.</summary>
    Other = 0,
}
