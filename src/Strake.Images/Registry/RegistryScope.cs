namespace Strake.Images;

/// <summary>What a token is asked for (distribution project, "Token Scope Documentation"). Pure.</summary>
static class RegistryScope
{
    // Far more than any registry asks for at once.
    const int Most = 8;

    /// <summary>To fetch from a repository.</summary>
    public static string Pull(ImageReference repository) => $"repository:{repository.Path}:pull";

    /// <summary>To send to a repository.</summary>
    public static string Push(ImageReference repository) => $"repository:{repository.Path}:pull,push";

    /// <summary>To send to a repository what another one has.</summary>
    public static string Mount(ImageReference repository, ImageReference from) => $"{Push(repository)} {Pull(from)}";

    /// <summary>To remove from a repository.</summary>
    public static string Delete(ImageReference repository) => $"repository:{repository.Path}:delete";

    /// <summary>What we need and what the registry says that we need, one by one: some have names of their own for things.</summary>
    /// <param name="needed">Ours.</param>
    /// <param name="challenged">The registry's; null: it does not say.</param>
    public static IReadOnlyList<string> Union(string needed, string? challenged) =>
        [.. $"{needed} {challenged}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Take(Most)];
}
