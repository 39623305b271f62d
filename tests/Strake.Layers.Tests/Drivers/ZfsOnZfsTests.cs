using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class ZfsOnZfsTests(Zfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new ZfsDriver(dataRoot)), IClassFixture<Zfs>;
