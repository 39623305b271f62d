using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Namespaces. One that was deleted stays, terminating, until it is empty: <see cref="NamespaceEmptier"/>.</summary>
public static class NamespaceKind
{
    /// <summary>The finalizer in the specification that stands for what a namespace holds.</summary>
    internal const string ContentFinalizer = "kubernetes";

    /// <summary>The namespaces that are always there.</summary>
    public static IReadOnlyList<string> Permanent { get; } = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "Namespace", Plural = "namespaces", ShortNames = ["ns"],
        HasStatus = true,
        Describe = static () => NamespaceSchema.Namespace,
        CheckName = ObjectNames.CheckLabel,
        SelectableFields = ["status.phase"],
        Complete = Complete,
        IsHeld = static document => document.ItemsAt("spec", "finalizers").Any(),
        OnDeleting = static document => Child(document, "status")["phase"] = "Terminating",
        Columns =
        [
            Columns.Name,
            Columns.Path("Status", "Active, or Terminating while it is being emptied.", "status", "phase"),
            Columns.Age,
        ],
    };

    static void Complete(JsonObject document)
    {
        var metadata = new Metadata(document);
        // So that selectors of namespaces can name one.
        if (metadata.Name.Length > 0) Child(metadata.Json, "labels")["kubernetes.io/metadata.name"] = metadata.Name;
        if (metadata.IsDeleting) return;
        Child(document, "spec")["finalizers"] ??= new JsonArray(ContentFinalizer);
        Child(document, "status")["phase"] ??= "Active";
    }

    static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject there) return there;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }
}
