using Strake.Conformance.FileSystems;
using Strake.Layers.Tests.Drivers;

namespace Strake.Layers.Tests.Store;

public sealed class Overlay2ByFuseLayerStoreTests(Ext4 fileSystem)
    : LayerStoreTests(dataRoot => new Overlay2Driver(dataRoot, FuseOverlayfs.Path), fileSystem), IClassFixture<Ext4>
{
    /// <summary>fuse-overlayfs 1.10 shows its own name in place of the one that it is given (fsname).</summary>
    protected override bool MountsNameTheirLayers => false;
}
