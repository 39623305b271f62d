namespace Strake.Images;

/// <summary>What <c>docker push</c> asks for.</summary>
/// <param name="Reference">The name; without a tag: all tags of the repository that are here.</param>
public sealed record PushRequest(ImageReference Reference)
{
    /// <summary>Who asks; null: nobody.</summary>
    public RegistryCredentials? Credentials { get; init; }
}
