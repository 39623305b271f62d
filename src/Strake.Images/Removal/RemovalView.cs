namespace Strake.Images;

/// <summary>All that a removal decides on, as of one moment.</summary>
/// <param name="Catalog">Images, names, parents.</param>
/// <param name="Users">The containers that use the image and each of its ancestors.</param>
sealed record RemovalView(ImageCatalog Catalog, ILookup<ImageId, ImageUser> Users);
