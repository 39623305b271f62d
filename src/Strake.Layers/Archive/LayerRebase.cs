using Microsoft.Win32.SafeHandles;

namespace Strake.Layers.Archive;

/// <summary>What can be done for a layer written without its parents only once they are known.</summary>
public static class LayerRebase
{
    /// <summary>
    /// Copies the files of lower layers that the layer's hard links name, and gives directories that the layer made without an entry the
    /// mode, owner, times and attributes that they have below. Idempotent; cheap when there is nothing to do.
    /// </summary>
    /// <param name="directory">The layer's own directory.</param>
    /// <param name="applied">What applying it left open.</param>
    /// <param name="parents">The parents' own content, top layer first.</param>
    /// <exception cref="StrakeException">Invalid: a hard link's file is in no layer below; names both.</exception>
    public static void Complete(SafeFileHandle directory, AppliedLayer applied, IReadOnlyList<LayerContent> parents) =>
        throw new NotImplementedException();
}
