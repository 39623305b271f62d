using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;

namespace Strake.Volumes;

/// <summary>The <c>TLSConfig</c> of a plugin's JSON file.</summary>
/// <remarks>docs.docker.com "plugin_api": JSON specification.</remarks>
public sealed record PluginTls
{
    /// <summary>Whether any certificate of the plugin will do.</summary>
    [JsonPropertyName("InsecureSkipVerify")]
    public bool InsecureSkipVerify { get; init; }

    /// <summary>PEM file of who vouches for the plugin; empty: whom the system trusts.</summary>
    [JsonPropertyName("CAFile")]
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of the engine's own certificate; empty: none is shown.</summary>
    [JsonPropertyName("CertFile")]
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key.</summary>
    [JsonPropertyName("KeyFile")]
    public string? KeyFile { get; init; }

    /// <summary>The settings of a connection.</summary>
    /// <param name="host">The name that the plugin's certificate has to bear.</param>
    /// <exception cref="StrakeException">Invalid: a file is missing or holds no certificate; names it.</exception>
    public SslClientAuthenticationOptions OptionsFor(string host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (!string.IsNullOrEmpty(CertificateFile))
            options.ClientCertificates = [Read(CertificateFile, file => X509Certificate2.CreateFromPemFile(file, string.IsNullOrEmpty(KeyFile) ? null : KeyFile))];
        if (InsecureSkipVerify)
        {
            // Asked for by name, in a file that only root writes.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (!string.IsNullOrEmpty(AuthorityFile))
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Read(AuthorityFile, static file =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(file);
                return authorities;
            }));
        }

        return options;
    }

    static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw StrakeException.Invalid($"the certificate file {file} of a plugin cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
