namespace Strake.Volumes.Tests.Backends;

/// <summary>Images in files of xfs.</summary>
public sealed class ImageOnXfsTests(Xfs disk) : VolumeBackendSuite(disk.NewFolder(), "image"), IClassFixture<Xfs>
{
    /// <inheritdoc/>
    protected override bool Mounts => true;
}
