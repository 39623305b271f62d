using System.Net;

namespace Strake.Daemon.DockerApi;

/// <summary>How registries are reached.</summary>
sealed record RegistryConfigBody
{
    const string Hub = "docker.io";

    // What is this machine's own needs no encryption.
    static readonly string[] Loopback = ["::1/128", "127.0.0.0/8"];

    public required IReadOnlyDictionary<string, IndexConfigBody> IndexConfigs { get; init; }

    public required IReadOnlyList<string> InsecureRegistryCIDRs { get; init; }

    /// <summary>Null: none.</summary>
    public required IReadOnlyList<string>? Mirrors { get; init; }

    /// <summary>The form that the daemon's settings have for clients.</summary>
    /// <param name="insecure">Registries that need no encryption: hosts and ranges of addresses.</param>
    /// <param name="mirrors">Addresses that are asked before Docker Hub.</param>
    public static RegistryConfigBody Of(IReadOnlyList<string> insecure, IReadOnlyList<string> mirrors)
    {
        string[] shown = [.. mirrors.Select(mirror => mirror.TrimEnd('/') + "/")];
        ILookup<bool, string> byRange = insecure.ToLookup(registry => IPNetwork.TryParse(registry, out _));
        var hub = new IndexConfigBody { Name = Hub, Mirrors = shown, Secure = true, Official = true };
        IEnumerable<IndexConfigBody> hosts = byRange[false].Distinct(StringComparer.Ordinal).Select(host => new IndexConfigBody { Name = host });
        return new()
        {
            IndexConfigs = hosts.Where(host => host.Name != Hub).Prepend(hub).ToDictionary(index => index.Name, StringComparer.Ordinal),
            InsecureRegistryCIDRs = [.. byRange[true].Union(Loopback)],
            Mirrors = shown is [] ? null : shown,
        };
    }
}
