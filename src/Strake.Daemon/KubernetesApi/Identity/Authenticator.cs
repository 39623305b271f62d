using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Finds out who asks: by the connection's certificate, or by a token.</summary>
/// <param name="credentials">What is known of users.</param>
/// <param name="tokens">What is known of service accounts.</param>
sealed class Authenticator(Credentials credentials, ServiceTokens tokens)
{
    static readonly object s_key = new();

    /// <summary>Who sends a request; <see cref="UserIdentity.Anonymous"/> for who shows nothing.</summary>
    /// <exception cref="StatusException">Unauthorized: what is shown is not good.</exception>
    public async ValueTask<UserIdentity> IdentifyAsync(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            string token = header["Bearer ".Length..].Trim();
            return credentials.Identify(token) ?? await tokens.IdentifyAsync(token, http.RequestAborted) ?? throw Refuse();
        }

        return http.Connection.ClientCertificate is { } certificate ? OfConnection(http, certificate) : UserIdentity.Anonymous;
    }

    // Once a connection: a chain costs more than most requests.
    UserIdentity OfConnection(HttpContext http, X509Certificate2 certificate)
    {
        IDictionary<object, object?>? items = http.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is not null && items.TryGetValue(s_key, out object? known)) return known as UserIdentity ?? throw Refuse();
        UserIdentity? found = credentials.Identify(certificate);
        if (items is not null) items[s_key] = found;
        return found ?? throw Refuse();
    }

    static StatusException Refuse() => new(new(401, "Unauthorized", "Unauthorized"));
}
