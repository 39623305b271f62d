namespace Strake.Kubernetes.Api;

/// <summary>What is done about fields that a schema does not know, or that are there twice.</summary>
public enum FieldValidation
{
    /// <summary>They are dropped.</summary>
    Ignore,

    /// <summary>They are dropped, and the client is told.</summary>
    Warn,

    /// <summary>The write is refused.</summary>
    Strict,
}
