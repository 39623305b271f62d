using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class VfsPropertyTests(Btrfs fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new VfsDriver(dataRoot), cases: 250), IClassFixture<Btrfs>;
