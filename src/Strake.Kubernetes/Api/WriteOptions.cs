namespace Strake.Kubernetes.Api;

/// <summary>How something is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Whether nothing is really done.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Who writes, for the account of fields.</summary>
    public string FieldManager { get; init; } = "unknown";

    /// <summary>What is done about fields that the schema does not know, or that are there twice.</summary>
    public FieldValidation Validation { get; init; } = FieldValidation.Warn;

    /// <summary>The subresource that is written: status, or empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>A rule for this writer beside those for all, asked after them; null: none.</summary>
    public IObjectAdmission? Admission { get; init; }

    /// <summary>Told of what is odd and not refused.</summary>
    public Action<string> Warn { get; init; } = static _ => { };
}
