using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Questions of users about themselves: who am I, may I do that.</summary>
/// <param name="access">Says who may do what.</param>
sealed class ReviewCalls(AccessRules access)
{
    /// <summary>Whether a path is a question's.</summary>
    public bool Knows(KubernetesPath path) => SchemaOf(path) is not null;

    /// <summary>Answers a question.</summary>
    public async Task AnswerAsync(KubernetesExchange exchange)
    {
        if (exchange.Method != "POST") throw StatusException.MethodNotAllowed();
        byte[] body = await exchange.ReadBodyAsync();
        Schema schema = SchemaOf(exchange.Path)!;
        JsonObject review = exchange.ContentType == ProtobufReader.ContentType ? ProtobufReader.Read(body, schema) : DocumentReader.Read(body, schema).Document;
        review["apiVersion"] = exchange.Path.Version!.ToString();
        review["kind"] = schema.Name![(schema.Name!.LastIndexOf('.') + 1)..];
        review["metadata"] ??= new JsonObject();
        review["status"] = exchange.Path.Resource switch
        {
            "selfsubjectreviews" => new JsonObject { ["userInfo"] = new JsonObject { ["username"] = exchange.User.Name, ["groups"] = Texts(exchange.User.Groups) } },
            "selfsubjectaccessreviews" => await AccessAsync(exchange, review),
            _ => Rules(exchange.User),
        };
        await exchange.WriteAsync(writer => review.WriteTo(writer, null), StatusCodes.Status201Created);
    }

    static Schema? SchemaOf(KubernetesPath path) => (path.Version?.ToString(), path.Resource) switch
    {
        ("authentication.k8s.io/v1", "selfsubjectreviews") => ReviewSchema.SelfSubjectReview,
        ("authorization.k8s.io/v1", "selfsubjectaccessreviews") => ReviewSchema.SelfSubjectAccessReview,
        ("authorization.k8s.io/v1", "selfsubjectrulesreviews") => ReviewSchema.SelfSubjectRulesReview,
        _ => null,
    };

    async Task<JsonObject> AccessAsync(KubernetesExchange exchange, JsonObject review)
    {
        JsonObject? asked = review.ObjectAt("spec", "resourceAttributes");
        string resource = asked.TextAt("resource") ?? "";
        if (asked.TextAt("subresource") is { Length: > 0 } part) resource += "/" + part;
        var request = asked is null
            ? new AccessRequest(review.TextAt("spec", "nonResourceAttributes", "verb") ?? "", "", "", "", "", review.TextAt("spec", "nonResourceAttributes", "path") ?? "")
            : new AccessRequest(asked.TextAt("verb") ?? "", asked.TextAt("group") ?? "", resource, asked.TextAt("namespace") ?? "", asked.TextAt("name") ?? "", "");
        return new JsonObject { ["allowed"] = await access.IsAllowedAsync(exchange.User, request, exchange.Aborted) };
    }

    // Of others than masters only a part can be told: roles may name what nobody thought of.
    static JsonObject Rules(UserIdentity user)
    {
        JsonArray resources = new(), paths = new();
        if (user.IsMaster)
        {
            resources = new JsonArray(new JsonObject { ["verbs"] = Texts(["*"]), ["apiGroups"] = Texts(["*"]), ["resources"] = Texts(["*"]) });
            paths = new JsonArray(new JsonObject { ["verbs"] = Texts(["*"]), ["nonResourceURLs"] = Texts(["*"]) });
        }

        return new JsonObject { ["resourceRules"] = resources, ["nonResourceRules"] = paths, ["incomplete"] = !user.IsMaster };
    }

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(static text => (JsonNode?)JsonValue.Create(text))];
}
