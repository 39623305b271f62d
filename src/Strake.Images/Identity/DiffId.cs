namespace Strake.Images;

/// <summary>Names a layer by its content alone: the digest of its uncompressed tar.</summary>
/// <remarks>OCI image specification, config.md, "Layer DiffID".</remarks>
/// <param name="Digest">The SHA-256.</param>
public readonly record struct DiffId(Digest Digest)
{
    /// <summary>The layer that changes nothing: a tar without entries, 1024 zeros.</summary>
    public static DiffId Empty { get; } = new(Digest.Of(new byte[1024]));

    /// <inheritdoc/>
    public override string ToString() => Digest.ToString();
}
