namespace Strake.Images;

/// <summary>Names a layer by its content alone: the digest of its uncompressed tar.</summary>
/// <remarks>OCI image specification, config.md, "Layer DiffID".</remarks>
/// <param name="Digest">The SHA-256.</param>
public readonly record struct DiffId(Digest Digest)
{
    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();
}
