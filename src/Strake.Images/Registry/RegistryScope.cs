namespace Strake.Images;

/// <summary>What a token is asked for (distribution project, "Token Scope Documentation"). Pure.</summary>
static class RegistryScope
{
    /// <summary>To fetch from a repository.</summary>
    public static string Pull(ImageReference repository) => $"repository:{repository.Path}:pull";

    /// <summary>To send to a repository.</summary>
    public static string Push(ImageReference repository) => $"repository:{repository.Path}:pull,push";

    /// <summary>To send to a repository what another one has.</summary>
    public static string Mount(ImageReference repository, ImageReference from) => $"{Push(repository)} {Pull(from)}";

    /// <summary>To remove from a repository.</summary>
    public static string Delete(ImageReference repository) => $"repository:{repository.Path}:delete";
}
