namespace Strake.Images;

/// <summary>One thing that a removal does.</summary>
abstract record RemovalStep(ImageEntry Image)
{
    /// <summary>A name goes.</summary>
    public sealed record Untag(ImageEntry Image, ImageReference Name) : RemovalStep(Image);

    /// <summary>An image goes; its names went in steps before.</summary>
    public sealed record Delete(ImageEntry Image) : RemovalStep(Image);
}
