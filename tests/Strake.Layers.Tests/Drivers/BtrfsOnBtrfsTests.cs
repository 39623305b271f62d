using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class BtrfsOnBtrfsTests(Btrfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new BtrfsDriver(dataRoot)), IClassFixture<Btrfs>;
