namespace Strake.Kubernetes.Schemas;

/// <summary>
/// The description of a value: what it looks like, what it means, how changes of several writers merge. From it come discovery of unknown
/// fields, defaults, patches, server-side apply and OpenAPI. Immutable once built; built by <see cref="Describe"/>.
/// </summary>
public sealed class Schema
{
    readonly Func<IReadOnlyList<SchemaField>> fields = static () => [];
    Dictionary<string, SchemaField>? byName;

    /// <summary>A schema of a type without parts.</summary>
    internal Schema(SchemaType type) => Type = type;

    /// <summary>A schema of a record, which has a name or stands where it is used; the fields are asked for at the first use, so that a record may contain itself.</summary>
    internal Schema(string? name, string description, Func<IReadOnlyList<SchemaField>> fields)
    {
        Type = SchemaType.Record;
        Name = name;
        Description = description;
        this.fields = fields;
    }

    /// <summary>What the value is.</summary>
    public SchemaType Type { get; }

    /// <summary>The name under which OpenAPI publishes a record, <c>io.k8s.api.core.v1.PodSpec</c>; null: it stands where it is used.</summary>
    public string? Name { get; }

    /// <summary>What it means, for <c>kubectl explain</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>Of a list its items, of a map its values; else null.</summary>
    public Schema? Items { get; init; }

    /// <summary>Of a list, how writers' versions merge.</summary>
    public ListForm Form { get; init; }

    /// <summary>Of a <see cref="ListForm.Keyed"/> list the fields that tell items apart.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Whether a record or a map is one value to server-side apply.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Whether a record keeps fields that the schema does not name (custom resources may).</summary>
    public bool KeepsUnknown { get; init; }

    /// <summary>Of a text, the only values there may be; empty: any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Least and greatest of a number, pattern and lengths of a text; null: none. Custom resources state them.</summary>
    public SchemaBounds? Bounds { get; init; }

    /// <summary>The fields of a record, in the order in which they are published; else empty.</summary>
    public IReadOnlyList<SchemaField> Fields => [.. ByName.Values];

    /// <summary>The field of a record; null when it has none of that name.</summary>
    public SchemaField? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The schema of the value under a key of a record or map; null when it may not be there, or is no such thing.</summary>
    public Schema? Under(string key) => Type is SchemaType.Map ? Items : Find(key)?.Schema;

    /// <summary>Whether server-side apply looks into the value.</summary>
    public bool IsGranular => Type switch
    {
        SchemaType.Record or SchemaType.Map => !IsAtomic,
        SchemaType.List => Form is not ListForm.Atomic,
        _ => false,
    };

    Dictionary<string, SchemaField> ByName => byName ??= fields().ToDictionary(one => one.Name, StringComparer.Ordinal);
}
