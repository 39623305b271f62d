namespace Strake.Kubernetes.Records;

/// <summary>What becomes of a volume whose claim is gone.</summary>
public enum ReclaimPolicy
{
    /// <summary>It stays as it is.</summary>
    Retain,

    /// <summary>It goes, with its storage.</summary>
    Delete,

    /// <summary>It is emptied and offered again.</summary>
    Recycle,

    /// <summary>The document says something else.</summary>
    Unknown,
}
