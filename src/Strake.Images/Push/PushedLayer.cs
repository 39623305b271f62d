namespace Strake.Images;

/// <summary>A layer of an image that is pushed.</summary>
/// <param name="Chain">One chain of which it is the top.</param>
/// <param name="Record">The layer.</param>
sealed record PushedLayer(ChainId Chain, LayerRecord Record)
{
    /// <summary>The layer as progress lines call it.</summary>
    public string Id => Record.DiffId.Digest.Hex[..12];
}
