using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class VfsOnExt4Tests(Ext4 fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new VfsDriver(dataRoot)), IClassFixture<Ext4>;
