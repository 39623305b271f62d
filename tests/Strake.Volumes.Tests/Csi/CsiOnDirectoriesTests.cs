namespace Strake.Volumes.Tests.Csi;

/// <summary>With plain directories: a size is what a volume is said to have.</summary>
public sealed class CsiOnDirectoriesTests(Ext4 disk) : StrakeCsiTests(disk.NewFolder(), "dir"), IClassFixture<Ext4>
{
    protected override bool KeepsSizes => false;

    protected override bool CopiesPublished => false;
}
