using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class ComposefsOnXfsWithQuotaTests(XfsWithQuota fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new ComposefsDriver(dataRoot)), IClassFixture<XfsWithQuota>;
