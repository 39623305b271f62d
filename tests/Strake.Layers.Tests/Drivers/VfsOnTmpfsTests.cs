using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class VfsOnTmpfsTests(Tmpfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new VfsDriver(dataRoot)), IClassFixture<Tmpfs>;
