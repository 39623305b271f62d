namespace Strake.Volumes.Tests.Backends;

/// <summary>Directories of an xfs with project quota, where the kernel has that.</summary>
[Trait("Kernel", "stock")]
public sealed class QuotaOnXfsTests(XfsWithQuota disk) : VolumeBackendSuite(disk.NewFolder(), "quota"), IClassFixture<XfsWithQuota>;
