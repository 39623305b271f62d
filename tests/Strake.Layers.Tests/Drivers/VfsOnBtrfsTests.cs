using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class VfsOnBtrfsTests(Btrfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new VfsDriver(dataRoot)), IClassFixture<Btrfs>;
