namespace Strake.Volumes.Tests.Csi;

/// <summary>With devices on files of xfs: copies by sharing.</summary>
public sealed class CsiOnBlockTests(Xfs disk) : StrakeCsiTests(disk.NewFolder(), "auto"), IClassFixture<Xfs>
{
    protected override bool IsBlock => true;
}
