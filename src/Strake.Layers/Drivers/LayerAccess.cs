namespace Strake.Layers;

/// <summary>What a mount of a layer allows.</summary>
public enum LayerAccess
{
    /// <summary>Looking only; several such mounts may exist.</summary>
    ReadOnly,

    /// <summary>Changing the layer; at most one such mount exists.</summary>
    ReadWrite,
}
