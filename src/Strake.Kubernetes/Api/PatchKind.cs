namespace Strake.Kubernetes.Api;

/// <summary>The form of a patch.</summary>
public enum PatchKind
{
    /// <summary>A list of operations (RFC 6902).</summary>
    Json,

    /// <summary>A document of changes (RFC 7396).</summary>
    Merge,

    /// <summary>A document of changes that merges lists by their keys.</summary>
    Strategic,

    /// <summary>A configuration that is merged by who owns which field.</summary>
    Apply,
}
