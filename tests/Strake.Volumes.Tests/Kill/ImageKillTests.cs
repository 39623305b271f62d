namespace Strake.Volumes.Tests.Kill;

public sealed class ImageKillTests(Ext4 disk) : VolumeKillTests(disk.NewFolder(), "image"), IClassFixture<Ext4>;
