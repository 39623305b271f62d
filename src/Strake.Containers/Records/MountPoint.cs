namespace Strake.Containers;

/// <summary>A mount that a container has whenever it runs.</summary>
public sealed record MountPoint
{
    /// <summary><c>bind</c>, <c>volume</c>, <c>tmpfs</c> or <c>image</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The volume's name, or the image as the user named it; empty for other types.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path of the host; empty for a tmpfs.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where the container sees it: absolute and clean.</summary>
    public required string Destination { get; init; }

    /// <summary>The volume's driver; empty for other types.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The mode as the user wrote it: <c>z</c>, <c>ro</c>, …</summary>
    public string Mode { get; init; } = "";

    /// <summary>Whether the container may write.</summary>
    public bool RW { get; init; }

    /// <summary>Mount propagation; empty: the default of its type.</summary>
    public string Propagation { get; init; } = "";

    /// <summary>What the engine needs beyond what inspect shows.</summary>
    public MountDetail? Detail { get; init; }
}
