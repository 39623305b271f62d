namespace Strake.Images;

/// <summary>What <c>docker commit</c> or a build step makes an image of.</summary>
public sealed record ImageCommit
{
    /// <summary>The image below; null: from scratch.</summary>
    public ImageId? Parent { get; init; }

    /// <summary>
    /// The layer on top of the parent's; null when nothing changed. Its chain must be stored and held (by an open ingest) until
    /// the call returns.
    /// </summary>
    public DiffId? Layer { get; init; }

    /// <summary>What containers of the new image run; null: as the parent says.</summary>
    public ContainerDefaults? Defaults { get; init; }

    /// <summary>What is made of it; may throw Invalid. Null: nothing.</summary>
    public Func<ContainerDefaults, ContainerDefaults>? Change { get; init; }

    /// <summary>Who made it.</summary>
    public string Author { get; init; } = "";

    /// <summary>The comment in the image's history.</summary>
    public string Comment { get; init; } = "";

    /// <summary>The command in the image's history.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>The platform where there is no parent; null: the store's.</summary>
    public Platform? Platform { get; init; }

    /// <summary>A name for the new image; null: none. A name alone is tagged <c>latest</c>.</summary>
    public ImageReference? Reference { get; init; }
}
