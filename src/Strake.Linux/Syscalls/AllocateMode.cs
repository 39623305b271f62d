namespace Strake.Linux;

/// <summary>What fallocate does (<c>fallocate(2)</c>).</summary>
[Flags]
public enum AllocateMode
{
    /// <summary>Takes space for the range; the file grows if it was shorter.</summary>
    Allocate = 0,

    /// <summary>FALLOC_FL_KEEP_SIZE.</summary>
    KeepSize = 1,

    /// <summary>FALLOC_FL_PUNCH_HOLE: gives the range's space back; wants <see cref="KeepSize"/>.</summary>
    PunchHole = 2,

    /// <summary>FALLOC_FL_ZERO_RANGE.</summary>
    ZeroRange = 16,
}
