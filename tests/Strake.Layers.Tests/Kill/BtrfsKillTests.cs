using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Kill;

public sealed class BtrfsKillTests(Btrfs fileSystem) : KillTests("btrfs", fileSystem, storeToo: false), IClassFixture<Btrfs>;
