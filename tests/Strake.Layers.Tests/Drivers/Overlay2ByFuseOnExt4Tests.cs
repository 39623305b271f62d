using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2ByFuseOnExt4Tests(Ext4 fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new Overlay2Driver(dataRoot, FuseOverlayfs.Path)), IClassFixture<Ext4>
{
    // fuse-overlayfs up to 1.14 copies a directory up with mkdir alone, which does not take the bit.
    protected override bool KeepsSetGroupId => false;

    // And it opens what is to be changed, which fails for what is no file.
    protected override bool ChangesSpecialFiles => false;
}
