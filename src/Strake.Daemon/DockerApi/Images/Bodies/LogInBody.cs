namespace Strake.Daemon.DockerApi;

/// <summary>Who wants to know whether a registry lets him in.</summary>
sealed record LogInBody
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? IdentityToken { get; init; }

    public string? RegistryToken { get; init; }

    public string? ServerAddress { get; init; }

    /// <summary>Nothing of what it holds.</summary>
    public override string ToString() => "credentials";
}
