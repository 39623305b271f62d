namespace Strake.Layers;

/// <summary>How a driver records that a layer hides a file of the layers below.</summary>
public enum WhiteoutForm
{
    /// <summary>
    /// It does not: the directory is the whole tree, and a hidden file is simply not there. The difference to the
    /// parent is found by comparing both trees.
    /// </summary>
    Absent,

    /// <summary>
    /// Overlay's own: a character device 0/0, and <c>trusted.overlay.opaque=y</c> (in a user namespace <c>user.overlay.opaque=y</c>) on a directory that hides all
    /// below it (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").
    /// </summary>
    Overlay,

    /// <summary>The form of layer tars, which aufs also keeps on disk: <c>.wh.name</c> and <c>.wh..wh..opq</c>.</summary>
    DotWh,
}
