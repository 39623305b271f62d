using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2OnXfsTests(Xfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new Overlay2Driver(dataRoot)), IClassFixture<Xfs>;
