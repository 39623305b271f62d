using Strake.Images;

namespace Strake.Containers;

/// <summary>How an image is made from a container.</summary>
public sealed record CommitOptions
{
    /// <summary>The image's name, <c>repository[:tag]</c>; null: none.</summary>
    public string? Reference { get; init; }

    /// <summary>A comment for the image's history.</summary>
    public string? Comment { get; init; }

    /// <summary>The image's author.</summary>
    public string? Author { get; init; }

    /// <summary>What is made of the image's config; may throw Invalid. Null: nothing.</summary>
    public Func<ContainerDefaults, ContainerDefaults>? Change { get; init; }

    /// <summary>Whether the container is frozen meanwhile.</summary>
    public bool Pause { get; init; } = true;

    /// <summary>A config in place of the container's; null: the container's.</summary>
    public ContainerConfig? ConfigOverride { get; init; }
}
