namespace Strake.Volumes.Tests.Kill;

public sealed class BtrfsKillTests(Btrfs disk) : VolumeKillTests(disk.NewFolder(), "btrfs"), IClassFixture<Btrfs>;
