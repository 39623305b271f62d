namespace Strake.Daemon.DockerApi;

/// <summary>The registries; none yet.</summary>
sealed record RegistryConfigBody
{
    public IReadOnlyDictionary<string, string> IndexConfigs { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> InsecureRegistryCIDRs { get; init; } = [];

    public IReadOnlyList<string>? Mirrors { get; init; }
}
