namespace Strake.Layers.Archive.Comparison;

/// <summary>What one layer says of a name.</summary>
enum LayerWord
{
    /// <summary>Nothing: the layers below decide.</summary>
    Nothing,

    /// <summary>It has a file of that name.</summary>
    Has,

    /// <summary>There is none, whatever the layers below have.</summary>
    Hides,
}
