using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>What can be seen of devicemapper where there is none.</summary>
public sealed class DeviceMapperMissingTests
{
    [Fact]
    public void A_kernel_without_device_mapper_is_told_of()
    {
        Assert.SkipWhen(DeviceMapper.IsAvailable, "this kernel has device-mapper");
        var folder = Directory.CreateTempSubdirectory("strake-test-");
        try
        {
            using var driver = new DeviceMapperDriver(folder.FullName);
            var error = Assert.Throws<StrakeException>(driver.Probe);
            Assert.Equal(ErrorKind.Unavailable, error.Kind);
            Assert.Contains("dm-thin-pool", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
