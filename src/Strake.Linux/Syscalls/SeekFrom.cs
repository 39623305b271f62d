namespace Strake.Linux;

/// <summary>What an offset counts from (<c>lseek(2)</c>).</summary>
public enum SeekFrom
{
    /// <summary>SEEK_SET.</summary>
    Start = 0,

    /// <summary>SEEK_CUR.</summary>
    Current = 1,

    /// <summary>SEEK_END.</summary>
    End = 2,

    /// <summary>SEEK_DATA: the first data at or after the offset.</summary>
    Data = 3,

    /// <summary>SEEK_HOLE: the first hole at or after the offset; the end of the file counts as one.</summary>
    Hole = 4,
}
