using System.Runtime.InteropServices;
using System.Text.Json;
using Strake.Kubernetes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Answers with documents about the API itself: version, health, which kinds there are, what they look like.</summary>
/// <param name="kinds">Which kinds there are, and what they look like.</param>
sealed class PublishedDocuments(ServedKinds kinds)
{
    readonly Discovery discovery = kinds.Discovery;
    readonly OpenApi openApi = kinds.OpenApi;

    /// <summary>Answers a path that is no resource's.</summary>
    /// <exception cref="StatusException">NotFound: nothing is there. MethodNotAllowed.</exception>
    public Task AnswerAsync(KubernetesExchange exchange)
    {
        if (exchange.Method is not ("GET" or "HEAD")) throw StatusException.MethodNotAllowed();
        string path = (exchange.Http.Request.Path.Value ?? "").TrimEnd('/');
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["version"] => exchange.WriteAsync(WriteVersion),
            ["healthz" or "livez" or "readyz", ..] => exchange.WriteAsync("ok"u8.ToArray(), 200, "text/plain; charset=utf-8"),
            ["api"] => GroupsAsync(exchange, isCore: true),
            ["apis"] => GroupsAsync(exchange, isCore: false),
            ["apis", var group] => exchange.WriteAsync(writer => discovery.WriteGroup(writer, group)),
            ["api" or "apis", ..] when discovery.Has(exchange.Path.Version!) => exchange.WriteAsync(writer => discovery.WriteResources(writer, exchange.Path.Version!)),
            ["openapi", "v3"] => exchange.WriteAsync(openApi.WriteIndex),
            ["openapi", "v3", "api", var version] => SchemasAsync(exchange, new("", version)),
            ["openapi", "v3", "apis", var group, var version] => SchemasAsync(exchange, new(group, version)),
            ["openapi", "v2"] => SecondAsync(exchange),
            [] => exchange.WriteAsync(WritePaths),
            _ => throw StatusException.NoSuchPath(),
        };
    }

    // The newest form that the client asks for; it wants to be told exactly which it got.
    Task GroupsAsync(KubernetesExchange exchange, bool isCore)
    {
        string? version = exchange.Http.Request.Headers.Accept.ToString().Split(',', StringSplitOptions.TrimEntries).Select(AggregatedVersion).FirstOrDefault(static one => one is not null);
        if (version?.Length > 0)
        {
            return exchange.WriteAsync(
                writer => discovery.WriteAggregated(writer, isCore, version), contentType: $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
        }

        if (!isCore) return exchange.WriteAsync(discovery.WriteGroups);
        string address = exchange.Http.Request.Host.Value ?? "";
        return exchange.WriteAsync(writer => Discovery.WriteCoreVersions(writer, address));
    }

    // Empty: the old form; null: none that there is.
    static string? AggregatedVersion(string accepted)
    {
        string[] parts = accepted.Split(';', StringSplitOptions.TrimEntries);
        if (parts[0] is not ("application/json" or "*/*")) return null;
        if (!parts.Contains("as=APIGroupDiscoveryList")) return "";
        return parts.Contains("v=v2") ? "v2" : parts.Contains("v=v2beta1") ? "v2beta1" : null;
    }

    Task SchemasAsync(KubernetesExchange exchange, GroupVersion version)
    {
        if (!openApi.Has(version)) throw StatusException.NoSuchPath();
        string accept = exchange.Http.Request.Headers.Accept.ToString();
        if (accept.Length > 0 && !accept.Contains("json", StringComparison.Ordinal) && !accept.Contains("*/*", StringComparison.Ordinal))
            throw new StatusException(new(406, "NotAcceptable", "only the following media types are accepted: application/json"));
        string hash = openApi.HashOf(version);
        exchange.Http.Response.Headers.ETag = $"\"{hash}\"";
        // Who asks by the hash never has to ask again.
        if (exchange.Query("hash") == hash) exchange.Http.Response.Headers.CacheControl = "public, immutable";
        return exchange.WriteAsync(writer => openApi.WriteGroup(writer, version));
    }

    // kubectl asks for it, as protobuf alone, about kinds that are not in version 3, which are kinds that nobody knows: so told, it says that itself.
    Task SecondAsync(KubernetesExchange exchange)
    {
        string accept = exchange.Http.Request.Headers.Accept.ToString();
        if (accept.Contains(OpenApiBytes.AskedType, StringComparison.Ordinal)) return exchange.WriteAsync(OpenApiBytes.Empty, 200, OpenApiBytes.ContentType);
        if (accept.Length > 0 && !accept.Contains("json", StringComparison.Ordinal) && !accept.Contains("*/*", StringComparison.Ordinal))
            throw new StatusException(new(406, "NotAcceptable", "only the following media types are accepted: application/json"));
        return exchange.WriteAsync(openApi.WriteSecond);
    }

    static void WriteVersion(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("major", ServedVersion.Major);
        writer.WriteString("minor", ServedVersion.Minor);
        writer.WriteString("gitVersion", $"{ServedVersion.Text}+strake-{Product.Version}");
        writer.WriteString("gitCommit", "");
        writer.WriteString("gitTreeState", "clean");
        writer.WriteString("buildDate", "1970-01-01T00:00:00Z");
        writer.WriteString("goVersion", "none");
        writer.WriteString("compiler", "dotnet");
        writer.WriteString("platform", $"linux/{(RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "arm64" : "amd64")}");
        writer.WriteEndObject();
    }

    void WritePaths(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("paths");
        foreach (string path in (string[])["/api", "/api/v1", "/apis", .. discovery.Groups.Select(static version => $"/apis/{version}"), "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"])
            writer.WriteStringValue(path);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
