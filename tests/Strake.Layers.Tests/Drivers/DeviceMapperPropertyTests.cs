using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class DeviceMapperPropertyTests(Ext4WithThinPool fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new DeviceMapperDriver(dataRoot, new() { ThinPool = fileSystem.Pool, BaseSizeBytes = 512 << 20 }), cases: 20),
      IClassFixture<Ext4WithThinPool>;
