namespace Strake.Volumes.Tests.Kill;

[Trait("Kernel", "stock")]
public sealed class QuotaKillTests(XfsWithQuota disk) : VolumeKillTests(disk.NewFolder(), "quota"), IClassFixture<XfsWithQuota>;
