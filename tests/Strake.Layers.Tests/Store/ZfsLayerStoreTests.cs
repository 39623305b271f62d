using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Store;

[Trait("Kernel", "stock")]
public sealed class ZfsLayerStoreTests(Zfs fileSystem) : LayerStoreTests(dataRoot => new ZfsDriver(dataRoot), fileSystem), IClassFixture<Zfs>;
