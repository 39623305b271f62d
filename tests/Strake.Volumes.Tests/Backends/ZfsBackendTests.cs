using Strake.Linux;

namespace Strake.Volumes.Tests.Backends;

/// <summary>Datasets of a pool that the volumes' folder is on, where the kernel has ZFS.</summary>
[Trait("Kernel", "stock")]
public sealed class ZfsBackendTests(Zfs disk) : VolumeBackendSuite(disk.NewFolder(), "zfs"), IClassFixture<Zfs>
{
    /// <inheritdoc/>
    protected override bool LimitsInodes => false;

    /// <inheritdoc/>
    protected override bool TellsLimits => false;

    /// <inheritdoc/>
    protected override Errno Refused => Errno.EDQUOT;

    /// <inheritdoc/>
    protected override bool Mounts => true;
}
