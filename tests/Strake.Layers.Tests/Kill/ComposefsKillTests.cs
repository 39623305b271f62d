using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Kill;

public sealed class ComposefsKillTests(Ext4 fileSystem) : KillTests("composefs", fileSystem, storeToo: false), IClassFixture<Ext4>;
