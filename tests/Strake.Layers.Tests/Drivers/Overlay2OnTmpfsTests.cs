using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2OnTmpfsTests(Tmpfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new Overlay2Driver(dataRoot)), IClassFixture<Tmpfs>;
