using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strake.EndToEnd.Tests.Registry;

/// <summary>A certificate that an authority of ours has signed, and one user whom a registry knows.</summary>
public sealed class RegistrySecurity
{
    /// <summary>The user.</summary>
    public const string User = "somebody";

    /// <summary>His password.</summary>
    public const string Password = "pass word";

    // Of the password above, by bcrypt, the one form that the registry reads.
    const string Hashed = "$2b$04$xv6i945Brv8OuRWB7FOFu.QbD.MAvU99NrxqeOAxTX8/IVjIKXxQO";

    /// <summary>Makes them.</summary>
    /// <param name="folder">Where their files are written.</param>
    public RegistrySecurity(string folder)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=authority of a test", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var authority = authorityRequest.CreateSelfSigned(now.AddHours(-1), now.AddHours(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=registry of a test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);

        Authority = Path.Combine(folder, "authority.pem");
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "registry.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "registry.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "users"), $"{User}:{Hashed}\n");
        Configuration = $"""
              tls:
                certificate: "{folder}/registry.pem"
                key: "{folder}/registry.key"
            auth:
              htpasswd:
                realm: "test"
                path: "{folder}/users"
            """;
    }

    /// <summary>The file of the authority's certificate.</summary>
    public string Authority { get; }

    /// <summary>What the registry's configuration says of them; follows its part <c>http</c>.</summary>
    public string Configuration { get; }
}
