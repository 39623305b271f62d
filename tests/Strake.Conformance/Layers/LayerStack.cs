using Strake.Layers;

namespace Strake.Conformance.Layers;

/// <summary>A layer with all below it.</summary>
/// <param name="Top">The layer.</param>
/// <param name="Parents">Those below, top layer first.</param>
public sealed record LayerStack(LayerId Top, IReadOnlyList<LayerId> Parents)
{
    /// <summary>All, top layer first: the parents of a layer on top.</summary>
    public IReadOnlyList<LayerId> All => [Top, .. Parents];
}
