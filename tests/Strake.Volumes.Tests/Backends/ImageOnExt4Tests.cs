namespace Strake.Volumes.Tests.Backends;

/// <summary>Images in files of ext4.</summary>
public sealed class ImageOnExt4Tests(Ext4 disk) : VolumeBackendSuite(disk.NewFolder(), "image"), IClassFixture<Ext4>
{
    /// <inheritdoc/>
    protected override bool Mounts => true;
}
