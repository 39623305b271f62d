using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class BtrfsPropertyTests(Btrfs fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new BtrfsDriver(dataRoot), cases: 100), IClassFixture<Btrfs>;
