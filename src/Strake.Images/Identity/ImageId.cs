namespace Strake.Images;

/// <summary>Names an image: the digest of its config's bytes.</summary>
/// <remarks>OCI image specification, config.md, "ImageID".</remarks>
/// <param name="Digest">The SHA-256.</param>
public readonly record struct ImageId(Digest Digest)
{
    /// <summary>The first 12 digits, as clients show them.</summary>
    public string Short => Digest.Hex[..12];

    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();
}
