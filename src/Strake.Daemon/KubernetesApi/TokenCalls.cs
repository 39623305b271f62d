using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Requests for tokens of service accounts, <c>kubectl create token</c>.</summary>
/// <param name="objects">Where the accounts are.</param>
/// <param name="tokens">Makes them.</param>
/// <param name="time">The clock of their lives.</param>
sealed class TokenCalls(ObjectStore objects, ServiceTokens tokens, TimeProvider time)
{
    const long DefaultSeconds = 3600;
    const long LeastSeconds = 600;
    const long MostSeconds = 1L << 32;

    /// <summary>Answers with a token.</summary>
    /// <exception cref="StatusException">NotFound: there is no such account. Invalid: no token lives as long as that.</exception>
    public async Task CreateAsync(KubernetesExchange exchange)
    {
        if (exchange.Method != "POST") throw StatusException.MethodNotAllowed();
        byte[] body = await exchange.ReadBodyAsync();
        JsonObject request = exchange.ContentType == ProtobufReader.ContentType
            ? ProtobufReader.Read(body, ReviewSchema.TokenRequest)
            : DocumentReader.Read(body, ReviewSchema.TokenRequest).Document;
        StoredObject account = await objects.GetAsync(ServiceAccountKind.Kind, KubernetesCalls.NameOf(exchange.Path, ServiceAccountKind.Kind), exchange.Aborted);
        long seconds = request.NumberAt("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds is < LeastSeconds or > MostSeconds)
            throw new StatusException(new(422, "Invalid", $"TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: {seconds}: may not specify a duration {(seconds < LeastSeconds ? "less than 10 minutes" : "larger than 2^32 seconds")}"));
        DateTimeOffset end = time.GetUtcNow().AddSeconds(seconds);
        string[] audiences = [.. request.ItemsAt("spec", "audiences").Select(static one => one?.GetValue<string>() ?? "")];
        var answer = new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject { ["name"] = account.Name.Name, ["namespace"] = account.Name.Namespace },
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray([.. audiences.DefaultIfEmpty(ServiceTokens.Issuer).Select(static one => (JsonNode?)JsonValue.Create(one))]), ["expirationSeconds"] = seconds },
            ["status"] = new JsonObject
            {
                ["token"] = tokens.Issue(account, audiences, end),
                ["expirationTimestamp"] = ApiTime.Text(end),
            },
        };
        await exchange.WriteAsync(writer => answer.WriteTo(writer, null), StatusCodes.Status201Created);
    }
}
