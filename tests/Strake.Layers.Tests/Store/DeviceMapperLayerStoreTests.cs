using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Store;

[Trait("Kernel", "stock")]
public sealed class DeviceMapperLayerStoreTests(Ext4WithThinPool fileSystem)
    : LayerStoreTests(dataRoot => new DeviceMapperDriver(dataRoot, new() { ThinPool = fileSystem.Pool, BaseSizeBytes = 256 << 20 }), fileSystem),
      IClassFixture<Ext4WithThinPool>;
