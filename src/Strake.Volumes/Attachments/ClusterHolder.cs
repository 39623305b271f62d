namespace Strake.Volumes;

/// <summary>
/// A holder that is an object of Kubernetes: a claim (<c>claim/&lt;namespace&gt;/&lt;name&gt;</c>), whose volume it is, or a pod
/// (<c>pod/&lt;uid&gt;</c>), which uses it. Whether there is such an object is known only when its API server has opened, and never means that a volume's content
/// is nobody's: who restarts the engine leaves them alone.
/// </summary>
public static class ClusterHolder
{
    const string ClaimPrefix = "claim/";
    const string PodPrefix = "pod/";

    /// <summary>The holder that a claim is.</summary>
    /// <param name="space">The claim's namespace.</param>
    /// <param name="name">The claim's name.</param>
    public static string Claim(string space, string name) => $"{ClaimPrefix}{space}/{name}";

    /// <summary>The holder that a pod is.</summary>
    /// <param name="uid">The pod's identity.</param>
    public static string Pod(string uid) => PodPrefix + uid;

    /// <summary>Whether a holder is a claim.</summary>
    /// <param name="holder">A holder of any kind.</param>
    public static bool IsClaim(string holder) => holder.StartsWith(ClaimPrefix, StringComparison.Ordinal);

    /// <summary>The identity of the pod that a holder is; null: it is none.</summary>
    /// <param name="holder">A holder of any kind.</param>
    public static string? PodUidOf(string holder) => holder.StartsWith(PodPrefix, StringComparison.Ordinal) ? holder[PodPrefix.Length..] : null;

    /// <summary>Whether a holder is one of these.</summary>
    /// <param name="holder">A holder of any kind.</param>
    public static bool IsOne(string holder) => IsClaim(holder) || PodUidOf(holder) is not null;

    /// <summary>As messages name it: <c>claim shop/data</c>, <c>pod shop/web</c>; null: it is none of these.</summary>
    /// <param name="attachment">A use; where a pod's is, is the pod's namespace and name.</param>
    internal static string? NameOf(Attachment attachment) =>
        IsClaim(attachment.Holder) ? $"claim {attachment.Holder[ClaimPrefix.Length..]}"
        : PodUidOf(attachment.Holder) is { } uid ? $"pod {(attachment.Destination.Length > 0 ? attachment.Destination : uid)}"
        : null;
}
