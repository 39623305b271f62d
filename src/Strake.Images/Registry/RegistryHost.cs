namespace Strake.Images;

/// <summary>A host that serves a registry: the registry itself, or a mirror of it.</summary>
/// <param name="Root">Where its API begins, with a slash at the end: <c>https://registry-1.docker.io/v2/</c>.</param>
sealed record RegistryHost(Uri Root)
{
    /// <summary>Whether it is the registry itself, which alone sees credentials and whose refusals count.</summary>
    public bool IsOrigin { get; init; }

    /// <summary>Whether it may be reached without encryption where it does not offer any.</summary>
    public bool MayBePlain { get; init; }

    /// <summary>Whether <see cref="Root"/> was given whole, and does not end as it does elsewhere.</summary>
    public bool HasOwnPath { get; init; }

    /// <summary>The registry whose content a mirror is asked for, told to it as <c>ns</c> (containerd's way); null: not told.</summary>
    public string? Namespace { get; init; }

    /// <summary>What it is asked for.</summary>
    public RegistryAbilities Abilities { get; init; } = RegistryAbilities.All;

    /// <summary>Whom its certificate is believed from.</summary>
    public RegistryTls Tls { get; init; } = RegistryTls.Default;

    /// <summary>Headers that every request to it carries.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The same without encryption.</summary>
    public RegistryHost Plain() => this with
    {
        // A port that was not written is the scheme's own.
        Root = new UriBuilder(Root) { Scheme = Uri.UriSchemeHttp, Port = Root.IsDefaultPort ? 80 : Root.Port }.Uri,
        MayBePlain = false,
    };
}
