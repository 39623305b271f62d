namespace Strake.Kubernetes.Objects;

/// <summary>How a label and the values of a condition relate.</summary>
public enum LabelOperator
{
    /// <summary>The label is one of the values.</summary>
    In,

    /// <summary>The label is none of the values, or missing.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is missing.</summary>
    DoesNotExist,
}
