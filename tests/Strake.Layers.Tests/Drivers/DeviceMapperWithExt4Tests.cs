using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class DeviceMapperWithExt4Tests(Ext4WithThinPool fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new DeviceMapperDriver(dataRoot, Options(fileSystem))), IClassFixture<Ext4WithThinPool>
{
    static DeviceMapperOptions Options(Ext4WithThinPool fileSystem) =>
        new() { ThinPool = fileSystem.Pool, BaseSizeBytes = 512 << 20, FileSystem = "ext4" };
}
