using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Kinds;

/// <summary>
/// The one description of a kind of objects. Discovery, OpenAPI, defaults, unknown fields, validation, patches, server-side apply, tables and
/// field selectors all come from it. Immutable.
/// </summary>
public sealed class ResourceKind
{
    Func<Schema>? schema;
    ReadOnlyMemory<byte>? front;

    /// <summary>The API group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The version.</summary>
    public string Version { get; init; } = "v1";

    /// <summary>The kind, <c>PersistentVolumeClaim</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its plural in paths, <c>persistentvolumeclaims</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>Its singular in commands.</summary>
    public string Singular => SingularName ?? Kind.ToLowerInvariant();

    /// <summary>The singular, where it is not the kind in small letters.</summary>
    public string? SingularName { get; init; }

    /// <summary>Short names for commands, <c>pvc</c>.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Categories to which it belongs, <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Whether its objects live in namespaces.</summary>
    public bool IsNamespaced { get; init; }

    /// <summary>Whether specification and status are written apart.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Whether there is a number of replicas to scale.</summary>
    public bool HasScale { get; init; }

    /// <summary>Whether the server counts changes of the specification.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>Whether objects go at a deletion only when their time to end is over.</summary>
    public bool EndsGracefully { get; init; }

    /// <summary>Whether a definition defines it: what is empty there is not as if it were missing.</summary>
    public bool IsCustom { get; init; }

    /// <summary>What an object is: asked for at the first use, so that a start does not pay for kinds that nobody uses.</summary>
    public required Func<Schema> Describe
    {
        init => schema = value;
    }

    /// <summary>What an object is.</summary>
    public Schema Schema => field ??= schema!();

    /// <summary>The columns of its table.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [Kinds.Columns.Name, Kinds.Columns.Age];

    /// <summary>The paths, with dots, by which field selectors select, beside name and namespace.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>Adds defaults that the schema cannot express.</summary>
    public Action<JsonObject>? Complete { get; init; }

    /// <summary>Says what is wrong with an object beyond what the schema says: the object, the one before it (null: it is new), the faults.</summary>
    public Action<JsonObject, JsonObject?, FaultList>? Validate { get; init; }

    /// <summary>Says what of an object users should know, though nothing is wrong with it; null: nothing.</summary>
    public Func<JsonObject, IEnumerable<string>>? Warnings { get; init; }

    /// <summary>Says what is wrong with a name; null: names of objects are those of domains.</summary>
    public Func<string, string?> CheckName { get; init; } = ObjectNames.CheckSubdomain;

    /// <summary>Whether something beside finalizers keeps a deleted object from going; null: nothing does.</summary>
    public Func<JsonObject, bool>? IsHeld { get; init; }

    /// <summary>Changes an object whose deletion has begun; null: nothing does.</summary>
    public Action<JsonObject>? OnDeleting { get; init; }

    /// <summary>From the document in its stored kind to this kind; null: they are the same.</summary>
    public Func<JsonObject, JsonObject>? FromStored { get; init; }

    /// <summary>From a document of this kind to the stored kind; null: they are the same.</summary>
    public Func<JsonObject, JsonObject>? ToStored { get; init; }

    /// <summary>The kind under which objects are stored, where two kinds show the same objects; null: this one.</summary>
    public ResourceKind? StoredAs { get; init; }

    /// <summary>The kind under which objects are stored.</summary>
    public ResourceKind Storage => StoredAs ?? this;

    /// <summary>Group and version.</summary>
    public GroupVersion GroupVersion => new(Group, Version);

    /// <summary>Parts of an object that are streams and no documents: <c>log</c>, <c>exec</c>.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>As messages name it: <c>storageclasses.storage.k8s.io</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Under what its objects are stored: <c>kube/&lt;group&gt;/&lt;resource&gt;/</c>; the core group is <c>core</c>.</summary>
    public string KeyPrefix => field ??= $"kube/{(Group.Length == 0 ? "core" : Group)}/{Plural}/";

    /// <summary>What stands in front of a served object's version.</summary>
    internal ReadOnlyMemory<byte> ServedFront => front ??= ObjectJson.FrontOf(GroupVersion, Kind);

    /// <summary>The key of an object: <c>kube/&lt;group&gt;/&lt;resource&gt;/[&lt;namespace&gt;/]&lt;name&gt;</c>.</summary>
    public string KeyOf(ObjectName name) => IsNamespaced ? $"{KeyPrefix}{name.Namespace}/{name.Name}" : KeyPrefix + name.Name;

    /// <summary>The name that a key of this kind stands for.</summary>
    public ObjectName NameOf(string key)
    {
        string rest = key[KeyPrefix.Length..];
        if (!IsNamespaced) return new("", rest);
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        return new(rest[..slash], rest[(slash + 1)..]);
    }

    /// <summary>Group, version and plural.</summary>
    public override string ToString() => $"{GroupVersion}/{Plural}";
}
