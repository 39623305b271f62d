using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Store;

public sealed class BtrfsLayerStoreTests(Btrfs fileSystem) : LayerStoreTests(dataRoot => new BtrfsDriver(dataRoot), fileSystem), IClassFixture<Btrfs>;
