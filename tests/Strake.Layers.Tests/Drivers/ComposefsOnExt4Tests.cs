using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class ComposefsOnExt4Tests(Ext4 fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new ComposefsDriver(dataRoot)), IClassFixture<Ext4>;
