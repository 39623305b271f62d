namespace Strake.Images;

/// <summary>An image as it stands in the store, as of one moment.</summary>
/// <param name="Id">Digest of the config.</param>
/// <param name="Config">The config, parsed; its bytes are those that were loaded.</param>
/// <param name="Record">What the store knows beyond the config.</param>
/// <param name="References">Its names, sorted by their familiar form; empty when dangling.</param>
public sealed record Image(ImageId Id, ImageConfig Config, ImageRecord Record, IReadOnlyList<ImageReference> References)
{
    /// <summary>The chain that is the image's root file system; null when it has no layer.</summary>
    public ChainId? Chain => Record.Chain;

    /// <summary>Sum of its files' sizes over all layers, in bytes.</summary>
    public long SizeBytes => Record.SizeBytes;

    /// <summary>Names with a tag, as users write them.</summary>
    public IEnumerable<string> RepoTags => References.Where(r => r.Digest is null).Select(r => r.Familiar);

    /// <summary>Names with a digest, as users write them.</summary>
    public IEnumerable<string> RepoDigests => References.Where(r => r.Digest is not null).Select(r => r.Familiar);
}
