using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strake.Linux;

namespace Strake.Daemon.KubernetesApi;

/// <summary>
/// What the API server and its administrator show one another: made at the first start, kept under the data root, so that a kubeconfig stays good.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data root&gt;/kube/            0700
///   ca.crt, ca.key               the authority; ten years
///   server.crt, server.key       the server, for the names by which it is reached; a year, made anew when they change or it runs out
///   admin.crt, admin.key         the administrator; a year, made anew likewise
///   sa.key                       what tokens of service accounts are signed with
///   token                        the administrator's, for clients without certificates
/// </code>
/// </remarks>
sealed class Credentials
{
    const string AdminName = "kubernetes-admin";
    static readonly TimeSpan s_authorityLife = TimeSpan.FromDays(3650);
    static readonly TimeSpan s_life = TimeSpan.FromDays(365);
    // Made anew this long before it runs out.
    static readonly TimeSpan s_margin = TimeSpan.FromDays(30);
    // Clocks of other machines may be behind.
    static readonly TimeSpan s_skew = TimeSpan.FromHours(1);

    readonly string folder;
    readonly TimeProvider time;

    Credentials(string folder, TimeProvider time)
    {
        this.folder = folder;
        this.time = time;
        Authority = null!;
        Server = null!;
        Admin = null!;
        Token = "";
        ServiceKey = null!;
    }

    /// <summary>The authority.</summary>
    public X509Certificate2 Authority { get; private set; }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Server { get; private set; }

    /// <summary>The administrator's certificate with its key.</summary>
    public X509Certificate2 Admin { get; private set; }

    /// <summary>What tokens of service accounts are signed with.</summary>
    public ECDsa ServiceKey { get; private set; }

    /// <summary>The administrator's token.</summary>
    public string Token { get; private set; }

    /// <summary>Reads what is there, and makes what is missing.</summary>
    /// <param name="dataRoot">The data root.</param>
    /// <param name="address">The address at which the server listens.</param>
    /// <param name="time">The clock of validity.</param>
    public static Credentials Open(string dataRoot, IPAddress address, TimeProvider time)
    {
        string home = Path.Combine(dataRoot, "kube");
        Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var credentials = new Credentials(home, time);
        credentials.Authority = credentials.Read("ca") ?? credentials.MakeAuthority();
        credentials.Server = credentials.Read("server", one => Names(address).All(name => one.MatchesHostname(name))) ?? credentials.Issue("server", "CN=strake", Extensions(address));
        credentials.Admin = credentials.Read("admin", static _ => true) ?? credentials.Issue("admin", $"O={UserIdentity.Masters}, CN={AdminName}", [Purpose("1.3.6.1.5.5.7.3.2")]);
        credentials.Token = credentials.ReadToken();
        credentials.ServiceKey = credentials.ReadServiceKey();
        return credentials;
    }

    /// <summary>The administrator.</summary>
    public static UserIdentity Administrator { get; } = UserIdentity.Of(AdminName, [UserIdentity.Masters]);

    /// <summary>Whose certificate it is; null when the authority has not issued it, or it is out of date.</summary>
    public UserIdentity? Identify(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        if (!chain.Build(certificate)) return null;
        string name = "";
        var groups = new List<string>();
        foreach (X500RelativeDistinguishedName part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) continue;
            if (part.GetSingleElementType().Value == "2.5.4.3") name = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == "2.5.4.10") groups.Add(part.GetSingleElementValue() ?? "");
        }

        return name.Length == 0 ? null : UserIdentity.Of(name, groups);
    }

    /// <summary>Whose token it is; null when nobody has it.</summary>
    public UserIdentity? Identify(string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token)) ? Administrator : null;

    string PathOf(string name) => Path.Combine(folder, name);

    X509Certificate2? Read(string name, Func<X509Certificate2, bool>? isGood = null)
    {
        if (!File.Exists(PathOf(name + ".crt")) || !File.Exists(PathOf(name + ".key"))) return null;
        X509Certificate2 read = X509Certificate2.CreateFromPemFile(PathOf(name + ".crt"), PathOf(name + ".key"));
        if (isGood is null || (isGood(read) && read.NotAfter.ToUniversalTime() > time.GetUtcNow().UtcDateTime + s_margin && read.IssuerName.RawData.AsSpan().SequenceEqual(Authority.SubjectName.RawData))) return read;
        read.Dispose();
        return null;
    }

    X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The serial in the name: two authorities of one name would be taken for one another.
        var request = new CertificateRequest($"CN=strake-ca-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        X509Certificate2 made = request.CreateSelfSigned(now - s_skew, now + s_authorityLife);
        Write("ca", made, key);
        return made;
    }

    X509Certificate2 Issue(string name, string subject, IReadOnlyList<X509Extension> extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        foreach (X509Extension extension in extensions) request.CertificateExtensions.Add(extension);
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 issued = request.Create(Authority, now - s_skew, now + s_life, RandomNumberGenerator.GetBytes(16));
        X509Certificate2 made = issued.CopyWithPrivateKey(key);
        Write(name, made, key);
        return made;
    }

    // The key first: a certificate without its key would be taken for whole.
    void Write(string name, X509Certificate2 certificate, ECDsa key)
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        DurableFile.Write(PathOf(name + ".key"), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), mode);
        DurableFile.Write(PathOf(name + ".crt"), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), mode);
    }

    ECDsa ReadServiceKey()
    {
        string path = PathOf("sa.key");
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path)) key.ImportFromPem(File.ReadAllText(path));
        else DurableFile.Write(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }

    string ReadToken()
    {
        string path = PathOf("token");
        if (File.Exists(path)) return File.ReadAllText(path).Trim();
        string made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        DurableFile.Write(path, Encoding.ASCII.GetBytes(made + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return made;
    }

    static IReadOnlyList<string> Names(IPAddress address) =>
        [.. new[] { "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", Environment.MachineName }.Distinct(), "127.0.0.1", .. Reached(address)];

    // Who listens everywhere is reached at addresses that nobody can list.
    static string[] Reached(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? [] : [address.ToString()];

    static X509Extension[] Extensions(IPAddress address)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string name in Names(address).Distinct())
        {
            if (IPAddress.TryParse(name, out IPAddress? numeric)) names.AddIpAddress(numeric);
            else names.AddDnsName(name);
        }

        return [names.Build(), Purpose("1.3.6.1.5.5.7.3.1")];
    }

    static X509EnhancedKeyUsageExtension Purpose(string oid) => new([new Oid(oid)], critical: false);
}
