namespace Strake.Layers;

/// <summary>What a layer is for.</summary>
enum LayerKind
{
    /// <summary>A part of images, named by its chain.</summary>
    Image,

    /// <summary>The top of a container, named by its owner.</summary>
    Writable,
}
