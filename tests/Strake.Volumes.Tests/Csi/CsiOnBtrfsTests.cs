namespace Strake.Volumes.Tests.Csi;

/// <summary>With subvolumes.</summary>
public sealed class CsiOnBtrfsTests(Btrfs disk) : StrakeCsiTests(disk.NewFolder(), "btrfs"), IClassFixture<Btrfs>;
