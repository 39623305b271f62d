namespace Strake.Layers.Archive.Paths;

/// <summary>What a name of a layer's tar is.</summary>
enum WhiteoutKind
{
    /// <summary>A file like any other.</summary>
    None,

    /// <summary>It hides one name of the layers below.</summary>
    Hides,

    /// <summary>It hides all that its directory has in the layers below.</summary>
    Opaque,

    /// <summary>It is aufs's own and no part of the layer.</summary>
    Metadata,
}
