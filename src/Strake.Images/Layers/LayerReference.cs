namespace Strake.Images;

/// <summary>
/// The record that keeps a layer: it exists exactly as long as its owner, because both are written in one transaction.
/// </summary>
/// <remarks><c>layer-reference/&lt;chain hex&gt;/&lt;owner&gt;</c>, with an empty value.</remarks>
public static class LayerReference
{
    /// <summary>The key that says that <paramref name="owner"/> needs <paramref name="chain"/>.</summary>
    /// <param name="chain">The chain; its parents are kept with it and need no reference of their own.</param>
    /// <param name="owner">Kind and name of the owner, such as <c>image/&lt;hex&gt;</c>.</param>
    public static string Key(ChainId chain, string owner) => Prefix(chain) + owner;

    /// <summary>The prefix under which all references to <paramref name="chain"/> stand.</summary>
    /// <param name="chain">The chain.</param>
    public static string Prefix(ChainId chain) => $"layer-reference/{chain.Digest.Hex}/";
}
