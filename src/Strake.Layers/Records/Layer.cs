namespace Strake.Layers;

/// <summary>A layer as its record says, or shall say.</summary>
/// <param name="Id">The layer's place on disk.</param>
/// <param name="Entry">What the record says.</param>
/// <param name="Revision">When that was written.</param>
sealed record Layer(LayerId Id, LayerEntry Entry, long Revision)
{
    /// <summary>The layer and all below it, top layer first: the parents of a layer on top.</summary>
    public IReadOnlyList<LayerId> Stack => [Id, .. Entry.Parents];
}
