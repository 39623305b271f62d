namespace Strake.Volumes.Tests.Csi;

/// <summary>With images in files of ext4: copies by reading.</summary>
public sealed class CsiOnImagesTests(Ext4 disk) : StrakeCsiTests(disk.NewFolder(), "image"), IClassFixture<Ext4>;
