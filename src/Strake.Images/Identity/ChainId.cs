using System.Text;

namespace Strake.Images;

/// <summary>
/// Names a layer together with all layers below it. Two images that begin with the same layers share their chains, and
/// so the layers on disk.
/// </summary>
/// <remarks>
/// OCI image specification, config.md, "Layer ChainID": the lowest layer's chain is its DiffID; above it,
/// <c>ChainID(n) = SHA-256(ChainID(n-1) + " " + DiffID(n))</c>.
/// </remarks>
/// <param name="Digest">The SHA-256.</param>
public readonly record struct ChainId(Digest Digest)
{
    /// <summary>The chain made by laying <paramref name="layer"/> on <paramref name="parent"/>.</summary>
    /// <param name="parent">The chain below; null for the lowest layer.</param>
    /// <param name="layer">The layer on top.</param>
    public static ChainId Of(ChainId? parent, DiffId layer) => parent is { } below
        ? new ChainId(Digest.Of(Encoding.ASCII.GetBytes($"{below} {layer}")))
        : new ChainId(layer.Digest);

    /// <summary>The chains of a whole image.</summary>
    /// <param name="layers">The image's layers, lowest first.</param>
    /// <returns>As many chains, lowest first; the last one names the image's root file system.</returns>
    public static IReadOnlyList<ChainId> Of(IReadOnlyList<DiffId> layers)
    {
        var chains = new ChainId[layers.Count];
        ChainId? below = null;
        for (int i = 0; i < chains.Length; i++)
            below = chains[i] = Of(below, layers[i]);
        return chains;
    }

    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();
}
