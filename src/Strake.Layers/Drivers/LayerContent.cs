namespace Strake.Layers;

/// <summary>A layer's own content as it lies on disk.</summary>
/// <param name="Directory">Absolute path of the layer's root directory.</param>
/// <param name="Whiteouts">How a removed file of a lower layer is recorded in it.</param>
public sealed record LayerContent(string Directory, WhiteoutForm Whiteouts)
{
    /// <summary>
    /// Whether fuse-overlayfs may have written it, which marks an opaque directory also with files in it, <c>.wh..wh..opq</c> and <c>.wh..opq</c>: they are
    /// its own, and no files of the layer.
    /// </summary>
    public bool HasFuseMarks { get; init; }

    /// <summary>Whether a name is that of such a mark.</summary>
    public static bool IsFuseMark(ReadOnlySpan<byte> name) => name.SequenceEqual(".wh..wh..opq"u8) || name.SequenceEqual(".wh..opq"u8);
}
