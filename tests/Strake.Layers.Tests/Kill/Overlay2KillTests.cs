namespace Strake.Layers.Tests.Kill;

public sealed class Overlay2KillTests() : KillTests("overlay2");
