namespace Strake.Containers;

/// <summary>What the engine keeps of a mount beyond what inspect shows.</summary>
public sealed record MountDetail
{
    /// <summary>Whether the image's content is not copied into an empty volume.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Whether mounts below a bind's source are left out.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Options of a tmpfs, as mount(8) has them.</summary>
    public IReadOnlyList<string> TmpfsOptions { get; init; } = [];
}
