namespace Strake.Layers.Tests.Kill;

public sealed class VfsKillTests() : KillTests("vfs");
