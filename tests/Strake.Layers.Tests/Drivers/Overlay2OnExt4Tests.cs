using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2OnExt4Tests(Ext4 fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new Overlay2Driver(dataRoot)), IClassFixture<Ext4>;
