using Strake.Images;

namespace Strake.Layers;

/// <summary>A layer's record in the state store.</summary>
sealed record LayerEntry
{
    public required LayerState State { get; init; }

    public required LayerKind Kind { get; init; }

    /// <summary>
    /// The layers below, top layer first. All of them, though each has its own record: a committed chain never changes, and so a mount
    /// needs one look-up however deep it is.
    /// </summary>
    public IReadOnlyList<LayerId> Parents { get; init; } = [];

    /// <summary>The chain that the layer ends; null until it is committed, and for a writable layer.</summary>
    public ChainId? Chain { get; init; }

    /// <summary>The chain below; null when nothing is.</summary>
    public ChainId? ParentChain { get; init; }

    /// <summary>Digest of the tar; null until it is committed, and for a writable layer.</summary>
    public DiffId? DiffId { get; init; }

    /// <summary>Sum of the lengths of the layer's own files; bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Number of the layer's own files.</summary>
    public long Inodes { get; init; }

    /// <summary>Length of the tar; bytes.</summary>
    public long TarSizeBytes { get; init; }

    /// <summary>Whose writable layer it is; null for an image layer.</summary>
    public string? Owner { get; init; }

    /// <summary>The most that a writable layer may hold; bytes; null: no limit.</summary>
    public long? SizeLimitBytes { get; init; }

    /// <summary>The layer directly below; null when nothing is.</summary>
    public LayerId? Parent() => Parents.Count > 0 ? Parents[0] : null;

    /// <summary>The committed layer as the image store sees it.</summary>
    public StoredLayer ToStored() => Chain is { } chain && DiffId is { } diffId
        ? new(chain, ParentChain, diffId, SizeBytes, TarSizeBytes)
        : throw new InvalidOperationException("A layer that was never committed was taken for an image's.");

    /// <summary>The writable layer as its owner sees it.</summary>
    public WritableLayer ToWritable(LayerId id) => new()
    {
        Id = id,
        Owner = Owner ?? throw new InvalidOperationException("An image's layer was taken for a writable one."),
        Parent = ParentChain,
        Parents = Parents,
        SizeLimitBytes = SizeLimitBytes,
    };
}
