namespace Strake.Layers.Tests.Store;

public sealed class Overlay2LayerStoreTests() : LayerStoreTests(dataRoot => new Overlay2Driver(dataRoot));
