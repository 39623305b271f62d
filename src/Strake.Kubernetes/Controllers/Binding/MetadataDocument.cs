using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>How what was decided of an object's metadata gets into its document: only what differs is touched.</summary>
static class MetadataDocument
{
    /// <summary>A child object, made when it is missing.</summary>
    public static JsonObject Child(this JsonObject document, string name)
    {
        if (document[name] is JsonObject child) return child;
        var made = new JsonObject();
        document[name] = made;
        return made;
    }

    /// <summary>A text; taken out when it is empty.</summary>
    public static void SetText(this JsonObject target, string name, string before, string after)
    {
        if (before == after) return;
        if (after.Length == 0) target.Remove(name);
        else target[name] = after;
    }

    /// <summary>What a decision may change of metadata: annotations and finalizers.</summary>
    public static void Apply(JsonObject document, Metadata before, Metadata after)
    {
        if (before == after) return;
        JsonObject metadata = document.Child("metadata");
        if (!before.Annotations.Equals(after.Annotations)) ApplyAnnotations(metadata, before.Annotations, after.Annotations);
        if (!before.Finalizers.Equals(after.Finalizers))
        {
            metadata.Remove("finalizers");
            metadata.WithTexts("finalizers", after.Finalizers);
        }
    }

    static void ApplyAnnotations(JsonObject metadata, TextMap before, TextMap after)
    {
        JsonObject annotations = metadata.Child("annotations");
        foreach (string gone in before.Keys.Except(after.Keys)) annotations.Remove(gone);
        foreach ((string name, string text) in after)
            if (before.Find(name) != text) annotations[name] = text;
        if (annotations.Count == 0) metadata.Remove("annotations");
    }
}
