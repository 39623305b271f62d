using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class ComposefsOnXfsTests(Xfs fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new ComposefsDriver(dataRoot)), IClassFixture<Xfs>;
