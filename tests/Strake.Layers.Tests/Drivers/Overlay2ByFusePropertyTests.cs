using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;

namespace Strake.Layers.Tests.Drivers;

public sealed class Overlay2ByFusePropertyTests(Tmpfs fileSystem)
    : TreeChangeProperty(fileSystem, dataRoot => new Overlay2Driver(dataRoot, FuseOverlayfs.Path), cases: 100), IClassFixture<Tmpfs>
{
    // Two names of a lower file stay one file for who looks through fuse-overlayfs, while the name alone that was changed is copied up.
    protected override bool LinksFiles => false;
}
