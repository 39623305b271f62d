using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class ComposefsPropertyTests(Ext4 fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new ComposefsDriver(dataRoot), cases: 100), IClassFixture<Ext4>;
