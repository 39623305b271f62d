using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Kill;

[Trait("Kernel", "stock")]
public sealed class DeviceMapperKillTests(Ext4WithThinPool fileSystem) : KillTests("devicemapper", fileSystem, storeToo: false), IClassFixture<Ext4WithThinPool>;
