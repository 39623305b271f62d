using Strake.Images;

namespace Strake.Layers;

/// <summary>Where a layer is laid.</summary>
/// <param name="Chain">The chain that it will end.</param>
/// <param name="Below">The layer directly below; null for the lowest.</param>
sealed record LayerPlace(ChainId Chain, Layer? Below)
{
    /// <summary>All layers below, top layer first.</summary>
    public IReadOnlyList<LayerId> Parents => Below?.Stack ?? [];
}
