namespace Strake.Images;

/// <summary>An image whose layers are stored and held, about to be recorded.</summary>
/// <param name="Config">Its config.</param>
/// <param name="Parent">The image that it was made from; null when unknown.</param>
/// <param name="References">The names that it gets.</param>
sealed record NewImage(ImageConfig Config, ImageId? Parent, IReadOnlyList<ImageReference> References)
{
    /// <summary>The media type of its manifest; null: it has none.</summary>
    public string? ManifestType { get; init; }

    /// <summary>Forms of its layers that became known with it.</summary>
    public IReadOnlyList<KeyValuePair<DiffId, LayerBlob>> Blobs { get; init; } = [];
}
