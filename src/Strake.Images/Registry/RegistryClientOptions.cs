using System.Security.Cryptography;

namespace Strake.Images;

/// <summary>How registries are reached. Docker's settings and their defaults, where Docker has them.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>
    /// Registries that may be reached without encryption or with a certificate that nobody vouches for: <c>host</c>, <c>host:port</c>, or a
    /// range of addresses such as <c>10.0.0.0/8</c>. Addresses of this machine always may.
    /// </summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Addresses that are asked before Docker Hub, in this order, such as <c>https://mirror.example</c>. They never see credentials.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>
    /// Folders with <c>HOST/hosts.toml</c> (containerd's form), and with <c>HOST/*.crt</c>, <c>*.cert</c> and <c>*.key</c> (Docker's form). Of
    /// several that know a host, the first counts. Those that do not exist are passed over.
    /// </summary>
    public IReadOnlyList<string> HostFolders { get; init; } = ["/etc/docker/certs.d"];

    /// <summary>The way through proxies; null: as the environment says (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>NO_PROXY</c>).</summary>
    public RegistryProxy? Proxy { get; init; }

    /// <summary>What the client calls itself; registries keep statistics.</summary>
    public string UserAgent { get; init; } = "strake";

    /// <summary>The longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest wait for the head of an answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait for the answer to a whole blob, which some registries copy to its place only then.</summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest time in which a transfer may make no progress.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often something is tried that fails for reasons which may pass, in a row without progress.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait before the first repetition; each further one is twice as long, by chance up to half shorter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait before a repetition, also where the registry asks for a longer one.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of waits and of tokens.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where chance comes from: numbers from 0 up to 1. Called from several threads.</summary>
    public Func<double> Chance { get; init; } = static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
