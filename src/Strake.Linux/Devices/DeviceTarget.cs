namespace Strake.Linux;

/// <summary>What a mapped device is made of: one target, from its first sector to its last.</summary>
/// <param name="Sectors">How long it is; sectors of 512 bytes, more than 0.</param>
/// <param name="Type">The target's type, such as <c>thin</c> or <c>linear</c>.</param>
/// <param name="Parameters">What the type takes, or says of itself: Documentation/admin-guide/device-mapper.</param>
public sealed record DeviceTarget(long Sectors, string Type, string Parameters)
{
    /// <summary>Bytes in a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>As dmsetup(8) shows it: <c>0 2048 linear 7:0 0</c>.</summary>
    public override string ToString() => $"0 {Sectors} {Type} {Parameters}";
}
