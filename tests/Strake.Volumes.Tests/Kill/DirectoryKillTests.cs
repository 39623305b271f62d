namespace Strake.Volumes.Tests.Kill;

public sealed class DirectoryKillTests(Ext4 disk) : VolumeKillTests(disk.NewFolder(), "dir"), IClassFixture<Ext4>;
