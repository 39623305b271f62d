namespace Strake.Layers.Tests.Drivers;

/// <summary>What can be seen of zfs where there is none.</summary>
public sealed class ZfsMissingTests
{
    [Fact]
    public void A_kernel_without_zfs_is_told_of()
    {
        Assert.SkipWhen(File.Exists("/dev/zfs"), "this kernel has ZFS");
        var folder = Directory.CreateTempSubdirectory("strake-test-");
        try
        {
            using var driver = new ZfsDriver(folder.FullName);
            var error = Assert.Throws<StrakeException>(driver.Probe);
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.Contains("this kernel has no ZFS", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
