namespace Strake.Kubernetes.Schemas;

/// <summary>The words in which kinds describe their schemas.</summary>
/// <example>
/// <code>
/// static Schema Port { get; } = Record("io.k8s.api.core.v1.ContainerPort", "A port of a container.",
///     Field("containerPort", Number32, "The number.").Required(),
///     Field("protocol", OneOf("TCP", "UDP", "SCTP"), "How it is spoken.").Defaults("\"TCP\""));
/// </code>
/// </example>
static class Describe
{
    /// <summary>A string.</summary>
    public static Schema Text { get; } = new(SchemaType.Text);

    /// <summary>true or false.</summary>
    public static Schema Flag { get; } = new(SchemaType.Flag);

    /// <summary>A whole number of 32 bits.</summary>
    public static Schema Number32 { get; } = new(SchemaType.Int32);

    /// <summary>A whole number of 64 bits.</summary>
    public static Schema Number64 { get; } = new(SchemaType.Int64);

    /// <summary>A number or a string.</summary>
    public static Schema IntOrText { get; } = new(SchemaType.IntOrText);

    /// <summary>An amount with a unit.</summary>
    public static Schema Quantity { get; } = new(SchemaType.Quantity);

    /// <summary>A time, to the second.</summary>
    public static Schema Time { get; } = new(SchemaType.Time);

    /// <summary>A time, to the microsecond.</summary>
    public static Schema MicroTime { get; } = new(SchemaType.MicroTime);

    /// <summary>Bytes, base64.</summary>
    public static Schema Bytes { get; } = new(SchemaType.Bytes);

    /// <summary>Any JSON.</summary>
    public static Schema Anything { get; } = new(SchemaType.Anything);

    /// <summary>A text with a closed set of values.</summary>
    public static Schema OneOf(params string[] values) => new(SchemaType.Text) { Values = values };

    /// <summary>A record.</summary>
    public static Schema Record(string name, string description, params SchemaField[] fields) => new(name, description, () => fields);

    /// <summary>A record that server-side apply takes as one value.</summary>
    public static Schema Atomic(Schema record) => new(record.Name!, record.Description, () => record.Fields) { IsAtomic = true };

    /// <summary>A list that is one value.</summary>
    public static Schema List(Schema items) => new(SchemaType.List) { Items = items };

    /// <summary>A list that is a set.</summary>
    public static Schema Set(Schema items) => new(SchemaType.List) { Items = items, Form = ListForm.Set };

    /// <summary>A list of records told apart by keys.</summary>
    public static Schema Keyed(Schema items, params string[] keys) => new(SchemaType.List) { Items = items, Form = ListForm.Keyed, Keys = keys };

    /// <summary>A map from text to values.</summary>
    public static Schema Map(Schema values) => new(SchemaType.Map) { Items = values };

    /// <summary>A map that server-side apply takes as one value.</summary>
    public static Schema AtomicMap(Schema values) => new(SchemaType.Map) { Items = values, IsAtomic = true };

    /// <summary>A field. A keyed list merges in strategic merge patches by its first key, a set item by item, unless the field says otherwise.</summary>
    public static SchemaField Field(string name, Schema schema, string description) => new(name, schema, description)
    {
        MergeKey = schema.Form switch
        {
            ListForm.Keyed => schema.Keys[0],
            ListForm.Set => "",
            _ => null,
        },
    };

    /// <summary>A field of a record that clients send as protobuf, too.</summary>
    public static SchemaField Field(int number, string name, Schema schema, string description) => Field(name, schema, description) with { Number = number };
}
