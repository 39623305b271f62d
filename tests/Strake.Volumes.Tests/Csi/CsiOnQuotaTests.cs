namespace Strake.Volumes.Tests.Csi;

/// <summary>With directories that a project quota holds within their size.</summary>
public sealed class CsiOnQuotaTests(Ext4WithQuota disk) : StrakeCsiTests(disk.NewFolder(), "quota"), IClassFixture<Ext4WithQuota>
{
    protected override bool CopiesPublished => false;
}
