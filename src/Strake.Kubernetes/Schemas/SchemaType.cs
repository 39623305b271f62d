namespace Strake.Kubernetes.Schemas;

/// <summary>What a value of a document is.</summary>
public enum SchemaType
{
    /// <summary>A JSON object with the fields that the schema names.</summary>
    Record,

    /// <summary>A JSON object whose keys the user chooses and whose values have one schema.</summary>
    Map,

    /// <summary>A JSON array whose items have one schema.</summary>
    List,

    /// <summary>A string.</summary>
    Text,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A whole number of 32 bits.</summary>
    Int32,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number or a string: a port or its name, a count or a percentage.</summary>
    IntOrText,

    /// <summary>An amount with a unit, <c>500Mi</c>; kept in canonical form.</summary>
    Quantity,

    /// <summary>A time in RFC 3339, to the second.</summary>
    Time,

    /// <summary>A time in RFC 3339, to the microsecond.</summary>
    MicroTime,

    /// <summary>Bytes as base64.</summary>
    Bytes,

    /// <summary>Whatever JSON there is; kept as it came.</summary>
    Anything,
}
