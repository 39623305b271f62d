namespace Strake.Images;

/// <summary>What <c>docker import</c> says of the tar that it sends.</summary>
public sealed record ImageImport
{
    /// <summary>The name for the new image; null: none. A name alone is tagged <c>latest</c>.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>What is made of the config before the first byte is read; may throw Invalid. Null: nothing.</summary>
    public Func<ContainerDefaults, ContainerDefaults>? Change { get; init; }

    /// <summary>The comment in the image's history.</summary>
    public string Message { get; init; } = "";

    /// <summary>The platform; null: the store's.</summary>
    public Platform? Platform { get; init; }
}
