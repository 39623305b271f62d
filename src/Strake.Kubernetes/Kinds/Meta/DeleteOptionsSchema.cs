using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Kinds;

/// <summary>What a deletion may be told.</summary>
public static class DeleteOptionsSchema
{
    /// <summary>The schema of the body.</summary>
    public static Schema Schema => MetaSchema.DeleteOptions;
}
