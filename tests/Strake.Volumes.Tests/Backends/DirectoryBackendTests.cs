namespace Strake.Volumes.Tests.Backends;

/// <summary>Plain directories.</summary>
public sealed class DirectoryBackendTests(Tmpfs disk) : VolumeBackendSuite(disk.NewFolder(), "dir"), IClassFixture<Tmpfs>
{
    /// <inheritdoc/>
    protected override bool LimitsSize => false;

    /// <inheritdoc/>
    protected override bool LimitsInodes => false;
}
