using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strake.Linux;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The file by which kubectl finds the server and shows who it is.</summary>
static class KubeConfig
{
    /// <summary>Writes the file, for its owner alone.</summary>
    /// <param name="path">Where.</param>
    /// <param name="endPoint">Where the server listens.</param>
    /// <param name="credentials">What it shows.</param>
    public static void Write(string path, IPEndPoint endPoint, Credentials credentials)
    {
        string text = $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: strake
              cluster:
                server: https://{Reachable(endPoint)}
                certificate-authority-data: {Encode(credentials.Authority.ExportCertificatePem())}
            users:
            - name: strake-admin
              user:
                client-certificate-data: {Encode(credentials.Admin.ExportCertificatePem())}
                client-key-data: {Encode(KeyOf(credentials.Admin))}
            contexts:
            - name: strake
              context:
                cluster: strake
                user: strake-admin
            current-context: strake

            """;
        DurableFile.Write(path, Encoding.UTF8.GetBytes(text), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    static IPEndPoint Reachable(IPEndPoint endPoint)
    {
        if (endPoint.Address.Equals(IPAddress.Any)) return new(IPAddress.Loopback, endPoint.Port);
        return endPoint.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, endPoint.Port) : endPoint;
    }

    static string KeyOf(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("the administrator's certificate has no key");
        return key.ExportPkcs8PrivateKeyPem();
    }

    static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem + "\n"));
}
