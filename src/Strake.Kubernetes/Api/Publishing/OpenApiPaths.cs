using System.Text.Json;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Api;

/// <summary>Writes the paths of a kind with their operations, as far as clients look at them.</summary>
static class OpenApiPaths
{
    static readonly string[] s_writing = ["dryRun", "fieldManager", "fieldValidation"];

    static readonly (string Method, string Action)[] s_ofOne = [("get", "get"), ("put", "put"), ("patch", "patch"), ("delete", "delete")];

    static readonly (string Method, string Action)[] s_ofAll = [("get", "list"), ("post", "post"), ("delete", "deletecollection")];

    /// <summary>Writes the paths of a kind.</summary>
    public static void Write(Utf8JsonWriter writer, ResourceKind kind, bool isThird)
    {
        string root = OpenApi.PathOf(kind.GroupVersion) + (kind.IsNamespaced ? "/namespaces/{namespace}/" : "/") + kind.Plural;
        WritePath(writer, kind, root, s_ofAll, isThird);
        WritePath(writer, kind, root + "/{name}", s_ofOne, isThird);
    }

    static void WritePath(Utf8JsonWriter writer, ResourceKind kind, string path, (string Method, string Action)[] operations, bool isThird)
    {
        writer.WriteStartObject(path);
        foreach ((string method, string action) in operations) WriteOperation(writer, kind, method, action, isThird);
        writer.WriteEndObject();
    }

    static void WriteOperation(Utf8JsonWriter writer, ResourceKind kind, string method, string action, bool isThird)
    {
        writer.WriteStartObject(method);
        writer.WriteString("operationId", $"{action}{kind.Kind}");
        writer.WriteString("x-kubernetes-action", action);
        writer.WriteStartObject("x-kubernetes-group-version-kind");
        writer.WriteString("group", kind.Group);
        writer.WriteString("version", kind.Version);
        writer.WriteString("kind", kind.Kind);
        writer.WriteEndObject();
        writer.WriteStartArray("parameters");
        if (method is not "get")
            foreach (string name in s_writing) WriteParameter(writer, name, "string", isThird);
        if (method is "patch") WriteParameter(writer, "force", "boolean", isThird);
        writer.WriteEndArray();
        writer.WriteStartObject("responses");
        writer.WriteStartObject("200");
        writer.WriteString("description", "OK");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static void WriteParameter(Utf8JsonWriter writer, string name, string type, bool isThird)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("in", "query");
        if (isThird) writer.WriteStartObject("schema");
        writer.WriteString("type", type);
        writer.WriteBoolean("uniqueItems", true);
        if (isThird) writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
