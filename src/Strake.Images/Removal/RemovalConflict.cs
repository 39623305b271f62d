namespace Strake.Images;

/// <summary>Why an image cannot go.</summary>
/// <param name="Image">The image.</param>
/// <param name="CanForce">Whether force would help.</param>
/// <param name="Reason">Why, in Docker's words.</param>
sealed record RemovalConflict(ImageId Image, bool CanForce, string Reason)
{
    /// <summary>The whole sentence.</summary>
    public string Message =>
        $"conflict: unable to delete {Image.Short} ({(CanForce ? "must be forced" : "cannot be forced")}) - {Reason}";

    /// <summary>The first conflict that stands against the removal of an image; null when nothing does.</summary>
    /// <param name="view">What there is.</param>
    /// <param name="image">The image.</param>
    /// <param name="names">The names that it still has.</param>
    /// <param name="checks">Which conflicts count.</param>
    public static RemovalConflict? Find(RemovalView view, ImageEntry image, int names, RemovalChecks checks)
    {
        if (view.Catalog.HasChildren(image.Id))
            return new(image.Id, CanForce: false, "image has dependent child images");
        var users = view.Users[image.Id];
        if (users.FirstOrDefault(u => u.IsRunning) is { } running)
            return new(image.Id, CanForce: false, $"image is being used by running container {Short(running)}");
        if (checks.HasFlag(RemovalChecks.Names) && names > 0)
            return new(image.Id, CanForce: true, "image is referenced in multiple repositories");
        if (checks.HasFlag(RemovalChecks.StoppedContainers) && users.FirstOrDefault() is { } stopped)
            return new(image.Id, CanForce: true, $"image is being used by stopped container {Short(stopped)}");
        return null;
    }

    /// <summary>A container's ID as messages show it.</summary>
    public static string Short(ImageUser user) => user.ContainerId[..Math.Min(12, user.ContainerId.Length)];
}
