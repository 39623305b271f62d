namespace Strake.Kubernetes.Schemas;

/// <summary>A field of a record.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Schema">Its value.</param>
/// <param name="Description">What it means, for <c>kubectl explain</c>.</param>
public sealed record SchemaField(string Name, Schema Schema, string Description)
{
    /// <summary>Whether the record is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The JSON that stands in for it where it is missing; null: nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>The key by which a strategic merge patch merges the list's items; null: it replaces the list.</summary>
    public string? MergeKey { get; init; }

    /// <summary>Whether a strategic merge patch keeps, of the old value, only the fields that the new one has: one of several is chosen.</summary>
    public bool RetainsKeys { get; init; }

    /// <summary>Its number in protobuf; 0: the record does not come as protobuf.</summary>
    public int Number { get; init; }

    /// <summary>Whether its zero says what its absence says: protobuf then has it all the same, JSON does not.</summary>
    public bool OmitsZero { get; init; }

    /// <summary>The same field, which must be there.</summary>
    public SchemaField Required() => this with { IsRequired = true };

    /// <summary>The same field with a default.</summary>
    /// <param name="json">The default as JSON.</param>
    public SchemaField Defaults(string json) => this with { Default = json };

    /// <summary>The same field, whose zero says what its absence says.</summary>
    public SchemaField OmittingZero() => this with { OmitsZero = true };

    /// <summary>The same field, a list that strategic merge patches merge by a key.</summary>
    public SchemaField MergesBy(string key) => this with { MergeKey = key };

    /// <summary>The same field, of which a strategic merge patch chooses one of several fields.</summary>
    public SchemaField RetainingKeys() => this with { RetainsKeys = true };
}
