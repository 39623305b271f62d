namespace Strake.Daemon.DockerApi;

/// <summary>How one registry is reached.</summary>
sealed record IndexConfigBody
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Mirrors { get; init; } = [];

    public bool Secure { get; init; }

    public bool Official { get; init; }
}
