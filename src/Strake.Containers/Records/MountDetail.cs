namespace Strake.Containers;

/// <summary>What the engine keeps of a mount beyond what inspect shows.</summary>
public sealed record MountDetail
{
    /// <summary>Whether the image's content is not copied into an empty volume.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Whether mounts below a bind's source are left out.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Whether read-only means the topmost mount alone, and not those below it.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>Whether it is an error when mounts below cannot be made read-only too.</summary>
    public bool ReadOnlyForceRecursive { get; init; }

    /// <summary>What of a volume, an image or a bind's source is mounted in place of its root; empty: the root.</summary>
    public string Subpath { get; init; } = "";

    /// <summary>The image that is mounted; empty for other types.</summary>
    public string Image { get; init; } = "";

    /// <summary>The owner of the layer that holds and shows a mounted image; empty for other types.</summary>
    public string LayerOwner { get; init; } = "";

    /// <summary>Options of a tmpfs, as mount(8) has them.</summary>
    public IReadOnlyList<string> TmpfsOptions { get; init; } = [];
}
