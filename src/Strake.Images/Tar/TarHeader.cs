namespace Strake.Images.Tar;

/// <summary>
/// One header block, read in place. The fields are those of POSIX.1-1988 (ustar), with what the dialects put in their stead.
/// </summary>
/// <remarks><code>
///   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 | 156 typeflag 1
/// 157 linkname 100 | 257 magic 6 | 263 version 2 | 265 uname 32 | 297 gname 32 | 329 devmajor 8 | 337 devminor 8
/// 345 prefix 155 (ustar)
/// 345 atime 12 | 357 ctime 12 | 386 sparse 4 × 24 | 482 isextended 1 | 483 realsize 12 (GNU, magic "ustar  ")
/// 345 prefix 131 | 476 atime 12 | 488 ctime 12 | 508 trailer "tar\0" (star)
/// </code></remarks>
readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    /// <summary>The unit of the format; bytes.</summary>
    public const int BlockSize = 512;

    /// <summary>Where the checksum stands.</summary>
    public const int ChecksumAt = 148;

    readonly ReadOnlySpan<byte> _block = block;

    public byte TypeFlag => _block[156];

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    public ReadOnlySpan<byte> UserName => IsV7 ? default : Text(265, 32);

    public ReadOnlySpan<byte> GroupName => IsV7 ? default : Text(297, 32);

    public ReadOnlySpan<byte> Mode => _block.Slice(100, 8);

    public ReadOnlySpan<byte> Uid => _block.Slice(108, 8);

    public ReadOnlySpan<byte> Gid => _block.Slice(116, 8);

    public ReadOnlySpan<byte> Size => _block.Slice(124, 12);

    public ReadOnlySpan<byte> ModifiedTime => _block.Slice(136, 12);

    public ReadOnlySpan<byte> DeviceMajor => _block.Slice(329, 8);

    public ReadOnlySpan<byte> DeviceMinor => _block.Slice(337, 8);

    /// <summary>The sparse entries of an old GNU header.</summary>
    public ReadOnlySpan<byte> SparseEntries => _block.Slice(386, 4 * OldSparseMap.EntrySize);

    /// <summary>Whether an old GNU header's sparse entries go on in the next block.</summary>
    public bool SparseGoesOn => _block[482] != 0;

    /// <summary>The file's length of an old GNU sparse header.</summary>
    public ReadOnlySpan<byte> RealSize => _block.Slice(483, 12);

    /// <summary>The oldest form, without a magic: only the fields up to linkname mean something.</summary>
    public bool IsV7 => !IsUstar && !IsGnu;

    /// <summary>GNU's own form; no prefix.</summary>
    public bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    bool IsUstar => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    bool IsStar => IsUstar && _block.Slice(508, 4).SequenceEqual("tar\0"u8);

    /// <summary>Whether the stored checksum is the block's; old writers summed up signed bytes.</summary>
    public bool ChecksumMatches
    {
        get
        {
            if (!TarNumber.TryParse(_block.Slice(ChecksumAt, 8), out var stored)) return false;
            return stored == Sum(_block) || stored == SignedSum(_block);
        }
    }

    /// <summary>Prefix and name joined.</summary>
    public byte[] Name()
    {
        var name = Text(0, 100);
        var prefix = !IsUstar ? default : Text(345, IsStar ? 131 : 155);
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>The sum of the bytes, the checksum's own counted as spaces.</summary>
    public static int Sum(ReadOnlySpan<byte> block)
    {
        var sum = 8 * ' ';
        foreach (var b in block[..ChecksumAt]) sum += b;
        foreach (var b in block[(ChecksumAt + 8)..]) sum += b;
        return sum;
    }

    static int SignedSum(ReadOnlySpan<byte> block)
    {
        var sum = 8 * ' ';
        foreach (var b in block[..ChecksumAt]) sum += (sbyte)b;
        foreach (var b in block[(ChecksumAt + 8)..]) sum += (sbyte)b;
        return sum;
    }

    ReadOnlySpan<byte> Text(int start, int length)
    {
        var field = _block.Slice(start, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
