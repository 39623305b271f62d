using Strake.Linux;

namespace Strake.Volumes.Tests.Backends;

/// <summary>Subvolumes with quota groups.</summary>
public sealed class BtrfsBackendTests(Btrfs disk) : VolumeBackendSuite(disk.NewFolder(), "btrfs"), IClassFixture<Btrfs>
{
    /// <inheritdoc/>
    protected override bool LimitsInodes => false;

    /// <inheritdoc/>
    protected override bool TellsLimits => false;

    /// <inheritdoc/>
    protected override Errno Refused => Errno.EDQUOT;
}
