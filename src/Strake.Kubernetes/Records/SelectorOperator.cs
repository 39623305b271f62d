namespace Strake.Kubernetes.Records;

/// <summary>How a requirement compares.</summary>
public enum SelectorOperator
{
    /// <summary>The value is one of those listed.</summary>
    In,

    /// <summary>The value is none of those listed, or there is none.</summary>
    NotIn,

    /// <summary>There is a value.</summary>
    Exists,

    /// <summary>There is no value.</summary>
    DoesNotExist,

    /// <summary>The value is a number above the one listed.</summary>
    Gt,

    /// <summary>The value is a number below the one listed.</summary>
    Lt,

    /// <summary>A word that means nothing; nothing meets it.</summary>
    Unknown,
}
