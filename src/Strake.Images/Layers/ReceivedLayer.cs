namespace Strake.Images;

/// <summary>One layer in the order in which an image stacks them.</summary>
/// <param name="DiffId">The layer, as the image's config names it.</param>
/// <param name="Receipt">Its bytes; null when the chain up to it is stored already.</param>
public sealed record ReceivedLayer(DiffId DiffId, LayerReceipt? Receipt);
