namespace Strake.Kubernetes.Objects;

/// <summary>How a quantity was written, and so how it is printed.</summary>
public enum QuantityFormat
{
    /// <summary>With powers of ten: 12M, 500m, or no suffix.</summary>
    DecimalSI,

    /// <summary>With powers of 1024: 5Gi.</summary>
    BinarySI,

    /// <summary>With an exponent: 1e3.</summary>
    DecimalExponent,
}
