using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Objects;

/// <summary>The metadata of a document, by name. A view: what is set here is set in the document.</summary>
/// <param name="document">The document; metadata is made when it is missing.</param>
public sealed class Metadata(JsonObject document)
{
    /// <summary>The metadata's object.</summary>
    public JsonObject Json { get; } = document["metadata"] as JsonObject ?? Make(document);

    /// <summary>The name; empty while there is none.</summary>
    public string Name
    {
        get => Text("name");
        set => Set("name", value);
    }

    /// <summary>The prefix of a name to be made; empty: none.</summary>
    public string GenerateName => Text("generateName");

    /// <summary>The namespace; empty: none.</summary>
    public string Namespace
    {
        get => Text("namespace");
        set => Set("namespace", value);
    }

    /// <summary>The id; empty while there is none.</summary>
    public string Uid
    {
        get => Text("uid");
        set => Set("uid", value);
    }

    /// <summary>The version; empty: none.</summary>
    public string ResourceVersion
    {
        get => Text("resourceVersion");
        set => Set("resourceVersion", value);
    }

    /// <summary>How often the specification changed; 0: not counted.</summary>
    public long Generation
    {
        get => Json.NumberAt("generation") ?? 0;
        set => Json["generation"] = value;
    }

    /// <summary>When it was created, RFC 3339; empty: not yet.</summary>
    public string CreationTimestamp
    {
        get => Text("creationTimestamp");
        set => Set("creationTimestamp", value);
    }

    /// <summary>When it goes, RFC 3339; empty: nobody deleted it.</summary>
    public string DeletionTimestamp
    {
        get => Text("deletionTimestamp");
        set => Set("deletionTimestamp", value);
    }

    /// <summary>Whether it was deleted and is on its way out.</summary>
    public bool IsDeleting => DeletionTimestamp.Length > 0;

    /// <summary>What must be done before it goes.</summary>
    public IReadOnlyList<string> Finalizers => [.. Json.ItemsAt("finalizers").Select(one => one?.GetValue<string>() ?? "")];

    /// <summary>Who wrote which fields; null: nobody knows.</summary>
    public JsonArray? ManagedFields
    {
        get => Json["managedFields"] as JsonArray;
        set => Put("managedFields", value);
    }

    /// <summary>Takes a member over from another document's metadata; removes it where that has none.</summary>
    public void Keep(Metadata from, string member) => Put(member, from.Json[member]?.DeepClone());

    void Set(string member, string value) => Put(member, value.Length == 0 ? null : JsonValue.Create(value));

    void Put(string member, JsonNode? value)
    {
        if (value is null) Json.Remove(member);
        else Json[member] = value;
    }

    string Text(string member) => Json.TextAt(member) ?? "";

    static JsonObject Make(JsonObject document)
    {
        var made = new JsonObject();
        document["metadata"] = made;
        return made;
    }
}
