namespace Strake.Images;

/// <summary>
/// The rules of <c>docker rmi</c>. Pure: from what there is and what is asked to what shall be done.
/// </summary>
/// <remarks>
/// <code>
/// named by   names left  in use   force  children  outcome
/// name       others      any      any    any       untag
/// name       none        no       any    no        untag, delete, then unneeded parents
/// name       none        no       any    yes       untag
/// name       none        stopped  no     any       refuse (must force)
/// name       none        running  no     any       refuse (must force)
/// name       none        stopped  yes    no        untag, delete
/// name       none        running  yes    any       untag
/// ID         at most one no       any    no        untag, delete, then unneeded parents
/// ID         several     any      no     any       refuse (must be forced)
/// ID         any         stopped  no     any       refuse (must be forced)
/// ID         any         stopped  yes    no        untag all, delete
/// ID         any         running  any    any       refuse (cannot be forced)
/// ID         any         any      any    yes       refuse (cannot be forced)
/// </code>
/// Names with a digest count as names, and go with the last tag of their repository.
/// </remarks>
static class RemovalDecisions
{
    /// <summary>Decides on a request.</summary>
    public static RemovalDecision Decide(RemovalView view, RemovalRequest request) =>
        ImageResolver.IsPrefix(request.Image.Id, request.Name) ? DecideById(view, request) : DecideByName(view, request);

    /// <summary>Decides what becomes of an image that a prune has chosen. Never refuses: what is needed stays.</summary>
    public static RemovalDecision DecidePrune(RemovalView view, ImageEntry image)
    {
        // Observed: a container of it, running or not.
        if (view.Users[image.Id].Any()) return new RemovalDecision.Remove([]);

        // Observed: images made from it that stay. It becomes an intermediate image and goes with the last of them.
        if (view.Catalog.HasChildren(image.Id))
            return new RemovalDecision.Remove([.. image.References.Select(n => new RemovalStep.Untag(image, n))]);

        var request = new RemovalRequest(image.Id.ToString(), image, new ImageRemovalOptions());
        return new RemovalDecision.Remove([.. DeleteWithNames(image, image.References), .. Parents(view, request)]);
    }

    static RemovalDecision DecideById(RemovalView view, RemovalRequest request)
    {
        var image = request.Image;
        var names = image.References;

        // One tag with digests of its own repository counts as one name.
        var checks = request.Options.Force ? RemovalChecks.None
            : IsSingle(names) ? RemovalChecks.StoppedContainers
            : RemovalChecks.All;
        return RemovalConflict.Find(view, image, names.Count, checks) is { } conflict
            ? new RemovalDecision.Refuse(conflict.Message)
            : new RemovalDecision.Remove([.. DeleteWithNames(image, names), .. Parents(view, request)]);
    }

    static RemovalDecision DecideByName(RemovalView view, RemovalRequest request)
    {
        var image = request.Image;

        // Observed: the only name of an image that a container was made from; without it the image would dangle.
        if (!request.Options.Force && IsSingle(image.References) && view.Users[image.Id].FirstOrDefault() is { } user)
        {
            return new RemovalDecision.Refuse(
                $"conflict: unable to remove repository reference \"{request.Name}\" (must force) - container {RemovalConflict.Short(user)} "
                + $"is using its referenced image {image.Id.Short}");
        }

        var gone = NamesToGo(image, ImageResolver.Key(ImageReference.Parse(request.Name)));
        var left = image.References.Except(gone).ToList();
        var untags = gone.Select(n => new RemovalStep.Untag(image, n));

        // A conflict here leaves the image without a name and is no error: the name is what was asked for.
        var checks = request.Options.Force ? RemovalChecks.None : RemovalChecks.All;
        return left.Count > 0 || RemovalConflict.Find(view, image, names: 0, checks) is not null
            ? new RemovalDecision.Remove([.. untags])
            : new RemovalDecision.Remove([.. untags, new RemovalStep.Delete(image), .. Parents(view, request)]);
    }

    /// <summary>The name, and the digests of its repository when no other tag of it is left.</summary>
    static List<ImageReference> NamesToGo(ImageEntry image, ImageReference name)
    {
        bool InRepository(ImageReference other) => other != name && string.Equals(other.Name, name.Name, StringComparison.Ordinal);
        var others = image.References.Where(InRepository).ToList();
        return name.Digest is not null || others.Exists(o => o.Digest is null) ? [name] : [name, .. others];
    }

    /// <summary>Ancestors that are left without a name, a child and a container. Never forced.</summary>
    static IEnumerable<RemovalStep> Parents(RemovalView view, RemovalRequest request)
    {
        if (!request.Options.PruneParents) yield break;
        var child = request.Image;
        var visited = new HashSet<ImageId> { child.Id };
        while (child.Record.Parent is { } id && visited.Add(id) && view.Catalog.Find(id) is { } parent)
        {
            if (parent.References.Count > 0 || view.Users[id].Any() || view.Catalog.Children(id).Any(c => c != child.Id)) yield break;
            yield return new RemovalStep.Delete(parent);
            child = parent;
        }
    }

    static IEnumerable<RemovalStep> DeleteWithNames(ImageEntry image, IEnumerable<ImageReference> names) =>
        [.. names.Select(n => new RemovalStep.Untag(image, n)), new RemovalStep.Delete(image)];

    /// <summary>At most one tag, and digests only of that repository.</summary>
    static bool IsSingle(IReadOnlyList<ImageReference> names) =>
        names.Count > 0
        && names.Count(n => n.Digest is null) <= 1
        && names.Select(n => n.Name).Distinct(StringComparer.Ordinal).Count() == 1;
}
