namespace Strake.Layers.Tests.Store;

public sealed class VfsLayerStoreTests() : LayerStoreTests(dataRoot => new VfsDriver(dataRoot));
