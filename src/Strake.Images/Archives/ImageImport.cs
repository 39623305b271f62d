namespace Strake.Images;

/// <summary>What <c>docker import</c> says of the tar that it sends.</summary>
public sealed record ImageImport
{
    /// <summary>The name for the new image; null: none. A name alone is tagged <c>latest</c>.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>Dockerfile instructions that set the config, a line each: <c>CMD ["sh"]</c>.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The comment in the image's history.</summary>
    public string Message { get; init; } = "";

    /// <summary>The platform; null: the store's.</summary>
    public Platform? Platform { get; init; }
}
