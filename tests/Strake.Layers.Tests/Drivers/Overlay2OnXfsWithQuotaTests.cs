using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class Overlay2OnXfsWithQuotaTests(XfsWithQuota fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new Overlay2Driver(dataRoot)), IClassFixture<XfsWithQuota>;
