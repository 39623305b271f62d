namespace Strake.Images;

/// <summary>What <c>docker pull</c> asks for.</summary>
/// <param name="Reference">The image; without tag and digest: <c>latest</c>, or all tags.</param>
public sealed record PullRequest(ImageReference Reference)
{
    /// <summary>All tags of the repository; the reference has neither tag nor digest then.</summary>
    public bool AllTags { get; init; }

    /// <summary>The platform asked for; null: the host's, and an image that is for one other platform alone is taken as well.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Who asks; null: nobody.</summary>
    public RegistryCredentials? Credentials { get; init; }
}
