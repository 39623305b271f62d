namespace Strake.Kubernetes.Schemas;

/// <summary>What a custom resource's schema asks of a value beside its type. Null: nothing.</summary>
public sealed record SchemaBounds
{
    /// <summary>The least number.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number.</summary>
    public double? Maximum { get; init; }

    /// <summary>The least length of a text, in characters.</summary>
    public int? MinLength { get; init; }

    /// <summary>The greatest length of a text, in characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The least number of items.</summary>
    public int? MinItems { get; init; }

    /// <summary>The greatest number of items.</summary>
    public int? MaxItems { get; init; }

    /// <summary>A regular expression that a text matches somewhere.</summary>
    public string? Pattern { get; init; }
}
