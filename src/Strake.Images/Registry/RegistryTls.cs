using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Strake.Images;

/// <summary>Whom a registry's certificate is believed from, and what we show it.</summary>
sealed record RegistryTls
{
    /// <summary>As the system does it.</summary>
    public static RegistryTls Default { get; } = new();

    /// <summary>Any certificate is taken.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>Files with certificates of authorities that are believed beside the system's; PEM.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [];

    /// <summary>Pairs of files with certificates that we show, and their keys; PEM.</summary>
    public IReadOnlyList<ClientCertificate> Clients { get; init; } = [];

    /// <summary>The same without what tells who we are, for servers that a registry leads to.</summary>
    public RegistryTls ForStrangers() => Clients.Count == 0 ? this : this with { Clients = [] };

    /// <summary>Equal for equal settings, files and times of their last change included.</summary>
    public string Key()
    {
        if (Authorities.Count == 0 && Clients.Count == 0) return SkipVerify ? "any" : "system";
        var files = Authorities.Concat(Clients.SelectMany(static c => new[] { c.Certificate, c.Key }));
        return string.Join('\n', [SkipVerify ? "any" : "system", $"{Authorities.Count}", .. files.Select(static f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks}")]);
    }

    /// <summary>A certificate of ours.</summary>
    /// <param name="Certificate">The file of the certificate; PEM.</param>
    /// <param name="Key">The file of its key; PEM; may be the same.</param>
    public sealed record ClientCertificate(string Certificate, string Key);

    /// <summary>The settings of a connection; reads the files.</summary>
    /// <exception cref="StrakeException">Invalid: a file cannot be read, or has no certificate.</exception>
    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions { CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (Clients.Count > 0) options.ClientCertificates = new X509CertificateCollection(Clients.Select(Load).ToArray<X509Certificate>());
        if (SkipVerify)
        {
            // The user has named this registry as one that may be insecure.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else if (Authorities.Count > 0)
        {
            var authorities = LoadAuthorities();
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsVouchedFor(certificate, chain, errors, authorities);
        }

        return options;
    }

    X509Certificate2Collection LoadAuthorities()
    {
        X509Certificate2Collection all = [];
        foreach (var file in Authorities)
        {
            try
            {
                all.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
            {
                throw StrakeException.Invalid($"the certificates in {file} cannot be read: {e.Message}", e);
            }
        }

        return all;
    }

    static X509Certificate2 Load(ClientCertificate client)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(client.Certificate, client.Key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw StrakeException.Invalid($"the certificate {client.Certificate} or its key {client.Key} cannot be read: {e.Message}", e);
        }
    }

    // The name has to be right in any case; only who vouches for the chain is another one.
    static bool IsVouchedFor(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (errors is SslPolicyErrors.None) return true;
        if (errors is not SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
    }
}
