using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Pods;
using Pod = Strake.Kubernetes.Records.Pod;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Tokens of service accounts: signed, good for a time, and for as long as the account is there, and the pod that it was made for.</summary>
/// <remarks>JSON Web Tokens (RFC 7519) with ES256 (RFC 7518, 3.4), with the claims that Kubernetes' have.</remarks>
/// <param name="key">What they are signed with.</param>
/// <param name="objects">Where the accounts are.</param>
/// <param name="time">The clock of their lives.</param>
sealed class ServiceTokens(ECDsa key, ObjectStore objects, TimeProvider time) : ITokenIssuer
{
    /// <summary>Who issues them, and for whom they are where nobody else is named.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    static readonly string s_header = Base64Url.EncodeToString("{\"alg\":\"ES256\",\"typ\":\"JWT\"}"u8);

    /// <summary>Makes a token.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="audiences">For whom; none: this server.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="pod">The pod that it is good for as long as, by name and uid; null: it is nobody's.</param>
    public string Issue(StoredObject account, IReadOnlyList<string> audiences, DateTimeOffset end, (string Name, string Uid)? pod = null)
    {
        string signed = $"{s_header}.{Base64Url.EncodeToString(Claims(account, audiences, end, pod))}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <inheritdoc/>
    public async Task<string> IssueAsync(Pod pod, string audience, DateTimeOffset end, CancellationToken cancellationToken)
    {
        string name = pod.Spec.TextAt("serviceAccountName") ?? "default";
        StoredObject account = await objects.FindAsync(ServiceAccountKind.Kind, new(pod.Metadata.Namespace, name), cancellationToken)
            ?? throw StrakeException.NotFound($"failed to fetch token: serviceaccounts \"{name}\" not found");
        return Issue(account, audience.Length > 0 ? [audience] : [], end, (pod.Metadata.Name, pod.Uid));
    }

    /// <summary>Whose token it is; null when it is none of ours, its time is over, it is for others, or the account is gone, or the pod.</summary>
    public async ValueTask<UserIdentity?> IdentifyAsync(string token, CancellationToken cancellationToken)
    {
        if (Verified(token) is not { } claims) return null;
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (claims.TextAt("iss") != Issuer || !(claims.NumberAt("exp") > now) || claims.NumberAt("nbf") > now) return null;
        if (!claims.ItemsAt("aud").Any(static one => one.GetString() == Issuer)) return null;
        string home = claims.TextAt("kubernetes.io", "namespace") ?? "", name = claims.TextAt("kubernetes.io", "serviceaccount", "name") ?? "";
        StoredObject? account = await objects.FindAsync(ServiceAccountKind.Kind, new(home, name), cancellationToken);
        if (claims.TextAt("kubernetes.io", "pod", "name") is { } pod
            && (await objects.FindAsync(PodKind.Kind, new(home, pod), cancellationToken))?.Uid != claims.TextAt("kubernetes.io", "pod", "uid")) return null;
        return account is null || account.Uid != claims.TextAt("kubernetes.io", "serviceaccount", "uid")
            ? null
            : UserIdentity.OfServiceAccount($"{UserIdentity.ServiceAccountPrefix}{home}:{name}");
    }

    JsonElement? Verified(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3 || parts[0] != s_header || !Base64Url.IsValid(parts[1]) || !Base64Url.IsValid(parts[2])) return null;
        byte[] signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        return key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256) ? JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])) : null;
    }

    byte[] Claims(StoredObject account, IReadOnlyList<string> audiences, DateTimeOffset end, (string Name, string Uid)? pod)
    {
        using var buffer = new MemoryStream();
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("aud");
            foreach (string audience in audiences.Count > 0 ? audiences : [Issuer]) writer.WriteStringValue(audience);
            writer.WriteEndArray();
            writer.WriteNumber("exp", end.ToUnixTimeSeconds());
            writer.WriteNumber("iat", now);
            writer.WriteString("iss", Issuer);
            writer.WriteString("jti", Guid.NewGuid().ToString());
            writer.WriteStartObject("kubernetes.io");
            writer.WriteString("namespace", account.Name.Namespace);
            if (pod is { } bound)
            {
                writer.WriteStartObject("pod");
                writer.WriteString("name", bound.Name);
                writer.WriteString("uid", bound.Uid);
                writer.WriteEndObject();
            }

            writer.WriteStartObject("serviceaccount");
            writer.WriteString("name", account.Name.Name);
            writer.WriteString("uid", account.Uid);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteNumber("nbf", now);
            writer.WriteString("sub", $"{UserIdentity.ServiceAccountPrefix}{account.Name.Namespace}:{account.Name.Name}");
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
