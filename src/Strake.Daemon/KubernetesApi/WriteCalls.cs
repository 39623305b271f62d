using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Calls that write: they decode, call one method, encode.</summary>
/// <param name="objects">The objects.</param>
/// <param name="writer">Writes of users.</param>
/// <param name="reads">The answers.</param>
/// <param name="access">What users may give to others.</param>
sealed class WriteCalls(ObjectStore objects, ObjectWriter writer, ReadCalls reads, AccessRules access)
{
    const string JsonType = "application/json";

    /// <summary>Creates an object.</summary>
    public async Task CreateAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        if (kind.IsNamespaced && exchange.Path.Namespace is null) throw StatusException.MethodNotAllowed();
        DecodedDocument decoded = await ReadAsync(exchange, kind);
        StoredObject created = await writer.CreateAsync(kind, exchange.Path.Namespace ?? "", decoded, OptionsOf(exchange), exchange.Aborted);
        await reads.WriteAsync(exchange, kind, created, StatusCodes.Status201Created);
    }

    /// <summary>Writes an object anew.</summary>
    public async Task ReplaceAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        DecodedDocument decoded = await ReadAsync(exchange, kind);
        await reads.WriteAsync(exchange, kind, await writer.ReplaceAsync(kind, KubernetesCalls.NameOf(exchange.Path, kind), decoded, OptionsOf(exchange), exchange.Aborted));
    }

    /// <summary>Changes an object.</summary>
    public async Task PatchAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        PatchKind form = FormOf(exchange);
        ObjectName name = KubernetesCalls.NameOf(exchange.Path, kind);
        byte[] body = await exchange.ReadBodyAsync();
        if (form is not PatchKind.Apply)
        {
            await reads.WriteAsync(exchange, kind, await writer.PatchAsync(kind, name, form, body, OptionsOf(exchange), exchange.Aborted));
            return;
        }

        if (exchange.Query("fieldManager").Length == 0)
            throw new StatusException(new(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"));
        (StoredObject applied, bool isNew) = await writer.ApplyAsync(kind, name, body, exchange.Flag("force"), OptionsOf(exchange), exchange.Aborted);
        await reads.WriteAsync(exchange, kind, applied, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>Changes the number of replicas.</summary>
    public async Task ScaleAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        byte[] body = await exchange.ReadBodyAsync();
        ObjectName name = KubernetesCalls.NameOf(exchange.Path, kind);
        long replicas = ReplicasOf(body, await objects.GetAsync(kind, name, exchange.Aborted), exchange);
        byte[] patch = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"spec\":{{\"replicas\":{replicas}}}}}"));
        StoredObject scaled = await writer.PatchAsync(kind, name, PatchKind.Merge, patch, OptionsOf(exchange) with { Subresource = "" }, exchange.Aborted);
        await exchange.WriteAsync(ScaleDocument.Of(scaled), StatusCodes.Status200OK, JsonType);
    }

    /// <summary>Deletes an object.</summary>
    public async Task DeleteAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        Deletion deletion = await DeletionOf(exchange);
        ObjectName name = KubernetesCalls.NameOf(exchange.Path, kind);
        RefusePermanent(kind, name.Name);
        await WriteDeletedAsync(exchange, kind, await objects.DeleteAsync(kind, name, deletion, exchange.Aborted));
    }

    /// <summary>Deletes all objects that are selected.</summary>
    public async Task DeleteAllAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        if (kind.IsNamespaced && exchange.Path.Namespace is null) throw StatusException.MethodNotAllowed();
        Deletion deletion = await DeletionOf(exchange);
        var selection = new Selection(kind, exchange.Path.Namespace, LabelSelector.Parse(exchange.Query("labelSelector")), FieldSelector.Parse(exchange.Query("fieldSelector"), kind));
        ObjectList list = await objects.ListAsync(kind, exchange.Path.Namespace, exchange.Aborted);
        foreach (StoredObject item in list.Items.Where(selection.Matches))
        {
            if (kind == NamespaceKind.Kind && NamespaceKind.Permanent.Contains(item.Name.Name)) continue;
            try
            {
                await objects.DeleteAsync(kind, item.Name, deletion, exchange.Aborted);
            }
            catch (StatusException e) when (e.Status.Code == StatusCodes.Status404NotFound)
            {
                // Someone was faster; that is as good.
            }
        }

        await exchange.WriteAsync(static json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "Status");
            json.WriteString("apiVersion", "v1");
            json.WriteString("status", "Success");
            json.WriteEndObject();
        });
    }

    static async Task WriteDeletedAsync(KubernetesExchange exchange, ResourceKind kind, DeletionResult result)
    {
        if (result.IsGone) await exchange.WriteAsync(json => StatusAnswer.WriteDeleted(json, result.Object, kind.Group, kind.Plural));
        else await exchange.WriteAsync(ObjectJson.Served(result.Object, kind), StatusCodes.Status200OK, JsonType);
    }

    static void RefusePermanent(ResourceKind kind, string name)
    {
        if (kind == NamespaceKind.Kind && NamespaceKind.Permanent.Contains(name)) throw StatusException.Forbidden(kind, name, "this namespace may not be deleted");
    }

    static async Task<DecodedDocument> ReadAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        byte[] body = await exchange.ReadBodyAsync();
        return exchange.ContentType switch
        {
            "" or JsonType or KubernetesExchange.YamlType => DocumentReader.Read(body, kind.Schema, kind.IsCustom),
            ProtobufReader.ContentType => DocumentReader.Read(ProtobufReader.Read(body, kind.Schema), kind.Schema),
            var other => throw new StatusException(new(
                415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {JsonType}, {KubernetesExchange.YamlType}, {ProtobufReader.ContentType}; not {other}")),
        };
    }

    static async Task<Deletion> DeletionOf(KubernetesExchange exchange)
    {
        byte[] body = await exchange.ReadBodyAsync();
        JsonObject options = body.Length == 0 ? [] : exchange.ContentType switch
        {
            ProtobufReader.ContentType => ProtobufReader.Read(body, DeleteOptionsSchema.Schema),
            _ => DocumentReader.Read(body, DeleteOptionsSchema.Schema).Document,
        };
        return new Deletion
        {
            Uid = options.TextAt("preconditions", "uid"),
            ResourceVersion = options.TextAt("preconditions", "resourceVersion"),
            Propagation = PropagationOf(options, exchange),
            GracePeriodSeconds = options.NumberAt("gracePeriodSeconds") ?? exchange.Number("gracePeriodSeconds"),
            IsDryRun = IsDryRun(exchange) || options.ItemsAt("dryRun").Any(static one => one?.GetValue<string>() == "All"),
        };
    }

    static Propagation? PropagationOf(JsonObject options, KubernetesExchange exchange)
    {
        string? given = options.TextAt("propagationPolicy") ?? (exchange.Query("propagationPolicy") is { Length: > 0 } asked ? asked : null);
        bool? orphans = options.FlagAt("orphanDependents") ?? (exchange.Query("orphanDependents").Length > 0 ? exchange.Flag("orphanDependents") : null);
        return (given, orphans) switch
        {
            (null, null) => null,
            ("Background", null) or (null, false) => Propagation.Background,
            ("Foreground", null) => Propagation.Foreground,
            ("Orphan", null) or (null, true) => Propagation.Orphan,
            (_, null) => throw InvalidOptions($"propagationPolicy: Unsupported value: \"{given}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""),
            _ => throw InvalidOptions($"propagationPolicy: Invalid value: \"{given}\": orphanDependents and deletionPropagation cannot be both set"),
        };
    }

    static StatusException InvalidOptions(string fault) => new(new(422, "Invalid", $"DeleteOptions.meta.k8s.io \"\" is invalid: {fault}"));

    static long ReplicasOf(byte[] body, StoredObject item, KubernetesExchange exchange)
    {
        JsonNode? sent = DocumentReader.ReadAny(body);
        JsonNode? scale = exchange.Method == "PATCH" && exchange.ContentType == "application/json-patch+json"
            ? Patching.ApplyJson(ScaleDocument.ToDocument(item), sent)
            : sent;
        return scale.NumberAt("spec", "replicas") ?? throw StatusException.BadRequest("a Scale needs spec.replicas");
    }

    static PatchKind FormOf(KubernetesExchange exchange) => exchange.ContentType switch
    {
        "application/json-patch+json" => PatchKind.Json,
        "application/merge-patch+json" => PatchKind.Merge,
        "application/strategic-merge-patch+json" => PatchKind.Strategic,
        "application/apply-patch+yaml" or "application/apply-patch+json" => PatchKind.Apply,
        var other => throw new StatusException(new(
            415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
            + $"application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml; not {other}")),
    };

    WriteOptions OptionsOf(KubernetesExchange exchange) => new()
    {
        Admission = new GrantRule(objects, access, exchange.User),
        IsDryRun = IsDryRun(exchange),
        FieldManager = ManagerOf(exchange),
        Subresource = exchange.Path.Subresource == "finalize" ? "" : exchange.Path.Subresource,
        Warn = exchange.Warn,
        Validation = exchange.Query("fieldValidation") switch
        {
            "Strict" => FieldValidation.Strict,
            "" or "Warn" => FieldValidation.Warn,
            "Ignore" => FieldValidation.Ignore,
            var other => throw StatusException.BadRequest($"fieldValidation: Unsupported value: \"{other}\": supported values: \"Ignore\", \"Strict\", \"Warn\""),
        },
    };

    static bool IsDryRun(KubernetesExchange exchange) => exchange.Query("dryRun") switch
    {
        "" => false,
        "All" => true,
        var other => throw StatusException.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
    };

    // Who does not say it is named by his program.
    static string ManagerOf(KubernetesExchange exchange)
    {
        string given = exchange.Query("fieldManager");
        if (given.Length > 0) return given;
        string agent = exchange.Http.Request.Headers.UserAgent.ToString();
        return agent.Length == 0 ? "unknown" : agent.Split('/', ' ')[0];
    }
}
