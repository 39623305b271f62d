namespace Strake.Images;

/// <summary>
/// Whether images are what an archive claims them to be made from. A false parent would pass an image off as a step of a build
/// that never was (CVE-2024-24557). Pure.
/// </summary>
static class ArchivedParents
{
    /// <summary>Checks every claim about images of the same archive; claims about others are ignored, as Docker does.</summary>
    /// <exception cref="StrakeException">Invalid: in Docker's words.</exception>
    public static void Check(IReadOnlyList<ArchivedImage> images)
    {
        foreach (var image in images)
        {
            if (ParentOf(image, images) is { } parent && !IsParent(parent.Config, image.Config))
                throw StrakeException.Invalid($"image {parent.Config.Id} is not a valid parent for {image.Config.Id}");
        }
    }

    /// <summary>The parent that an image claims, if the archive holds it.</summary>
    public static ArchivedImage? ParentOf(ArchivedImage image, IReadOnlyList<ArchivedImage> images) =>
        image.Parent is { } id && id != image.Config.Id ? images.FirstOrDefault(i => i.Config.Id == id) : null;

    // One step more, on the same layers.
    static bool IsParent(ImageConfig parent, ImageConfig child)
    {
        var (before, after) = (parent.History ?? [], child.History ?? []);
        return child.DiffIds.Take(parent.DiffIds.Count).SequenceEqual(parent.DiffIds)
            && ((before.Count == 0 && after.Count == 0)
                || (after.Count == before.Count + 1 && after.Take(before.Count).SequenceEqual(before)));
    }
}
