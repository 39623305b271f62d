namespace Strake.Daemon.DockerApi;

/// <summary>What the daemon tells of itself.</summary>
sealed record DaemonDescription
{
    /// <summary>Its data root.</summary>
    public required string DataRoot { get; init; }

    /// <summary>The storage driver.</summary>
    public required string Driver { get; init; }

    /// <summary>What the storage driver tells: name and value.</summary>
    public required Func<IReadOnlyList<KeyValuePair<string, string>>> DriverStatus { get; init; }

    /// <summary>What users should know of the storage driver before they rely on it.</summary>
    public required IReadOnlyList<string> DriverWarnings { get; init; }

    /// <summary>The OCI runtimes: name to path.</summary>
    public required IReadOnlyDictionary<string, string> Runtimes { get; init; }

    /// <summary>The runtime of containers that name none.</summary>
    public required string DefaultRuntime { get; init; }

    /// <summary>Labels that the user gave it.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>How registries are reached.</summary>
    public required RegistryConfigBody Registries { get; init; }

    /// <summary>Whether it logs for debugging.</summary>
    public bool Debug { get; init; }
}
