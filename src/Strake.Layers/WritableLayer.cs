using Strake.Images;

namespace Strake.Layers;

/// <summary>The layer on top of a container's image, which goes with the container. Immutable: what the store's record said when it was read.</summary>
public sealed record WritableLayer
{
    /// <summary>The layer's place on disk.</summary>
    public required LayerId Id { get; init; }

    /// <summary>Who it belongs to, such as <c>container/&lt;hex&gt;</c>; an owner has one writable layer.</summary>
    public required string Owner { get; init; }

    /// <summary>The image that it lies on; null when it lies on nothing.</summary>
    public required ChainId? Parent { get; init; }

    /// <summary>All layers below, top layer first: what a mount stacks.</summary>
    public required IReadOnlyList<LayerId> Parents { get; init; }

    /// <summary>The most that it may hold; bytes; null: what the disk has.</summary>
    public long? SizeLimitBytes { get; init; }
}
