using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class ZfsPropertyTests(Zfs fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new ZfsDriver(dataRoot), cases: 20), IClassFixture<Zfs>;
