using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Kill;

[Trait("Kernel", "stock")]
public sealed class ZfsKillTests(Zfs fileSystem) : KillTests("zfs", fileSystem, storeToo: false), IClassFixture<Zfs>;
