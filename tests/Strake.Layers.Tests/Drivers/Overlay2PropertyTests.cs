using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2PropertyTests(Tmpfs fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new Overlay2Driver(dataRoot), cases: 1000), IClassFixture<Tmpfs>;
