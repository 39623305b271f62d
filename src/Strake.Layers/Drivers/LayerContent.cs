namespace Strake.Layers;

/// <summary>A layer's own content as it lies on disk.</summary>
/// <param name="Directory">Absolute path of the layer's root directory.</param>
/// <param name="Whiteouts">How a removed file of a lower layer is recorded in it.</param>
public sealed record LayerContent(string Directory, WhiteoutForm Whiteouts);
