namespace Strake.Volumes.Tests.Csi;

/// <summary>With devices on files of ext4: no copy of one moment.</summary>
public sealed class CsiOnCopiedBlockTests(Ext4 disk) : StrakeCsiTests(disk.NewFolder(), "auto"), IClassFixture<Ext4>
{
    protected override bool IsBlock => true;

    protected override bool CopiesPublished => false;
}
